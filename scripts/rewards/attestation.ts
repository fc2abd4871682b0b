import { statSync } from "node:fs";
import { type Address, type Hex, isHex, type LocalAccount } from "viem";
import { readJson } from "../lib/files.ts";
import { Refusal } from "../lib/say.ts";
import { address, amount, type Counted } from "./savedCount.ts";
import type { Tally } from "./tally.ts";

export const KINDS = ["validators", "relays"] as const;
export type KindName = (typeof KINDS)[number];

/** What an operator has earned of a kind since the contract's first period, in 1e-18 SKM. */
export interface Earned {
  kind: KindName;
  operator: Address;
  cumulative: bigint;
}

/** What one attester signed in a term. Nothing in it is secret. */
export interface Attestation extends Counted {
  term: bigint;
  attester: Address;
  rewards: readonly (Earned & { signature: Hex })[];
}

const MOST_BYTES = 16 << 20;
const MOST_REWARDS = 20_000;

const types = {
  Reward: [
    { name: "kind", type: "uint8" },
    { name: "operator", type: "address" },
    { name: "cumulative", type: "uint256" },
    { name: "term", type: "uint64" },
  ],
} as const;

/** EIP-712's message, as IOperatorRewards documents it. */
export const rewardMessage = (of: Counted & { term: bigint }, { kind, operator, cumulative }: Earned) =>
  ({
    domain: { name: "Skrumble OperatorRewards", version: "1", chainId: of.chainId, verifyingContract: of.contract },
    types,
    primaryType: "Reward",
    message: { kind: KINDS.indexOf(kind), operator, cumulative, term: of.term },
  }) as const;

/** All sums of a count, validators first, each by address: two attesters list the same in the same order. */
export const earnedOf = (tally: Tally): Earned[] =>
  KINDS.flatMap((kind) =>
    [...tally[kind]]
      .map(([operator, cumulative]) => ({ kind, operator, cumulative }))
      .filter(({ cumulative }) => cumulative > 0n)
      .sort((a, b) => (a.operator.toLowerCase() < b.operator.toLowerCase() ? -1 : 1)),
  );

export async function attest(
  of: Counted & { term: bigint },
  earned: readonly Earned[],
  attester: Pick<LocalAccount, "address" | "signTypedData">,
): Promise<Attestation> {
  const rewards: (Earned & { signature: Hex })[] = [];
  for (const one of earned) rewards.push({ ...one, signature: await attester.signTypedData(rewardMessage(of, one)) });
  const { chainId, contract, term } = of;
  return { chainId, contract, term, attester: attester.address, rewards };
}

/** As it is written down: amounts in decimals. */
export const toFile = ({ term, rewards, ...attestation }: Attestation) => ({
  version: 1,
  ...attestation,
  term: String(term),
  rewards: rewards.map(({ cumulative, ...reward }) => ({ ...reward, cumulative: String(cumulative) })),
});

/**
 * An attestation that somebody sent. Whether it is theirs, joinAttestations looks at.
 * @throws Refusal where the file is none
 */
export function readAttestation(file: string): Attestation {
  let found: ReturnType<typeof toFile> | undefined;
  try {
    if (statSync(file).size > MOST_BYTES) throw new RangeError("Too long");
    found = readJson(file);
    if (found?.version !== 1 || !Number.isSafeInteger(found.chainId)) throw new RangeError("No attestation");
    if (found.rewards.length > MOST_REWARDS) throw new RangeError("Too many");
    return {
      chainId: found.chainId,
      contract: address(found.contract),
      rewards: found.rewards.map(toReward),
      term: amount(found.term),
      attester: address(found.attester),
    };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") throw new Refusal(`There is no file ${file}.`);
    throw new Refusal(`${file} is no attestation: it is what npm run chain -- rewards sign writes.`);
  }
}

function toReward({ kind, operator, cumulative, signature }: ReturnType<typeof toFile>["rewards"][number]) {
  if (!KINDS.includes(kind) || !isHex(signature) || signature.length !== 132) throw new RangeError("No reward");
  return { kind, operator: address(operator), cumulative: amount(cumulative), signature };
}
