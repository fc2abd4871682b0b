import { type Chain, readContract } from "../chain/chain.ts";
import { SkrumbleError } from "../errors/index.ts";
import { agreementsAbi } from "../generated/index.ts";
import type { AgreementDraft, ProofWarning } from "../types/agreements.ts";
import type { Address, Hex } from "../types/primitives.ts";
import { checkAsset } from "./confirmDraft.ts";
import { parseDraft } from "./parseDraft.ts";
import { findWarnings } from "./proofWarnings.ts";
import { agreementIdOf, termsOf } from "./termsOf.ts";
import { writeText } from "./writeText.ts";

/** An agreement as the chain confirms it. */
export interface VerifiedAgreement {
  id: Hex;
  draft: AgreementDraft;
  /** The text that everybody signed. */
  text: string;
  /** Unix seconds. */
  concludedAt: number;
  escrow: Address | undefined;
  /** `one-operator`, `stranger`, `arbiter-is-party`, `look-alike`. */
  warnings: ProofWarning[];
}

/**
 * Checks an agreement without trusting whoever shows it: writes the text anew from the draft, hashes it into the terms, and
 * asks the chain, by two operators, whether all parties signed exactly these. The contract took no agreement without all
 * signatures.
 *
 * @example
 * const { text, concludedAt } = await verifyAgreement(chain, JSON.parse(await readFile("agreement.json", "utf8")));
 *
 * @throws SkrumbleError AGREEMENT_INVALID, AGREEMENT_TEMPLATE_UNKNOWN, AGREEMENT_OTHER_CHAIN, AGREEMENT_NOT_CONCLUDED,
 * AGREEMENT_ASSET_DIFFERS (the text says other amounts than the token moves), ASSET_UNKNOWN, and what {@link readContract} throws
 */
export async function verifyAgreement(
  chain: Chain,
  shown: unknown,
  options: { signal?: AbortSignal } = {},
): Promise<VerifiedAgreement> {
  const { draft, ...record } = await readRecord(chain, shown, options);
  await checkAsset(chain, draft, options.signal);
  const warnings = await findWarnings(chain, draft, options.signal);
  return { ...record, draft, text: writeText(draft), warnings };
}

/**
 * What decides whether it is in force, and where its money is; nothing else may keep anybody from acting on it.
 * @throws as {@link verifyAgreement}, without what it says of assets
 */
export async function readRecord(
  chain: Chain,
  shown: unknown,
  options: { signal?: AbortSignal } = {},
): Promise<Pick<VerifiedAgreement, "id" | "draft" | "concludedAt" | "escrow">> {
  const draft = parseDraft(shown);
  if (draft.chainId !== chain.network.chainId) throw new SkrumbleError("AGREEMENT_OTHER_CHAIN");
  const id = agreementIdOf(termsOf(draft), chain.network);
  const found = await readContract(
    chain,
    { address: chain.network.contracts.agreements, abi: agreementsAbi, functionName: "agreement", args: [id] },
    { quorum: true, ...options },
  );
  const concludedAt = Number(found.concludedAt);
  if (concludedAt === 0) throw new SkrumbleError("AGREEMENT_NOT_CONCLUDED");
  return { id, draft, concludedAt, escrow: draft.money ? found.escrow : undefined };
}
