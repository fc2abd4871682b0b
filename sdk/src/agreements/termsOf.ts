import { type Hex, hashTypedData, keccak256, zeroAddress } from "viem";
import type { NetworkInfo } from "../chain/types.ts";
import { utf8 } from "../crypto/bytes.ts";
import type { AgreementDraft, AgreementTerms, SilenceOutcome } from "../types/agreements.ts";
import type { TypedDataRequest } from "../types/client.ts";
import { templateOf } from "./templates/index.ts";
import { writeText } from "./writeText.ts";

/** Numbers of IAgreements.Kind and IAgreements.Outcome. */
const kinds = { plain: 0, work: 1, sale: 2 } as const;
export const outcomeNames: readonly (SilenceOutcome | undefined)[] = [
  undefined,
  ...(["wait", "refund", "release", "split", "arbiter"] as const),
];

const noRules = {
  ...{ onNoSubmission: 0, onNoReview: 0, onRejection: 0, fallbackShare: 0, retainedShare: 0 },
  ...{ reviewTime: 0, responseTime: 0, rulingTime: 0 },
};

/**
 * What everybody signs, from the draft alone.
 * @param draft as {@link parseDraft} gives it
 * @throws SkrumbleError AGREEMENT_TEMPLATE_UNKNOWN
 */
export function termsOf(draft: AgreementDraft): AgreementTerms {
  const template = templateOf(draft);
  const { parties, arbiter, money, salt, signBy } = draft;
  const [payer, payee] = template.kind === "plain" ? [] : parties;
  const ascending = (a: Hex, b: Hex) => (BigInt(a) < BigInt(b) ? -1 : 1);
  const numberOf = (outcome: SilenceOutcome | undefined) => outcomeNames.indexOf(outcome);
  const rules = money?.rules;
  return {
    kind: kinds[template.kind],
    signers: parties.map(({ wallet }) => wallet).sort(ascending),
    payer: payer?.wallet ?? zeroAddress,
    payee: payee?.wallet ?? zeroAddress,
    arbiter: arbiter?.wallet ?? zeroAddress,
    token: money?.asset.token ?? zeroAddress,
    textHash: keccak256(utf8(writeText(draft))),
    salt,
    signBy: BigInt(signBy),
    rules: rules
      ? {
          onNoSubmission: numberOf(rules.onNoSubmission),
          onNoReview: numberOf(rules.onNoReview),
          onRejection: numberOf(rules.onRejection),
          fallbackShare: rules.fallbackShare,
          retainedShare: rules.retainedShare ?? 0,
          reviewTime: rules.reviewTime,
          responseTime: rules.responseTime,
          rulingTime: rules.rulingTime ?? 0,
        }
      : noRules,
    milestones: (money?.milestones ?? []).map(({ amount, due }) => ({ amount, due })),
  };
}

const fields = (list: string) =>
  list.split(",").map((one) => {
    const [type = "", name = ""] = one.split(" ");
    return { name, type };
  });

/** EIP-712 types of the Agreements contract. */
const types = {
  Terms: fields(
    "uint8 kind,address[] signers,address payer,address payee,address arbiter,address token,bytes32 textHash,bytes32 salt,uint64 signBy,Rules rules,Milestone[] milestones",
  ),
  Milestone: fields("uint128 amount,uint40 due"),
  Rules: fields(
    "uint8 onNoSubmission,uint8 onNoReview,uint8 onRejection,uint16 fallbackShare,uint16 retainedShare,uint32 reviewTime,uint32 responseTime,uint32 rulingTime",
  ),
};

/** What a wallet is asked to sign. */
export const termsTypedData = (terms: AgreementTerms, { chainId, contracts }: NetworkInfo): TypedDataRequest => ({
  domain: { name: "Skrumble Agreements", version: "1", chainId, verifyingContract: contracts.agreements },
  types,
  primaryType: "Terms",
  message: { ...terms },
});

/** Names the agreement on chain: the digest that is signed. */
export const agreementIdOf = (terms: AgreementTerms, network: NetworkInfo): Hex =>
  hashTypedData(termsTypedData(terms, network) as Parameters<typeof hashTypedData>[0]);
