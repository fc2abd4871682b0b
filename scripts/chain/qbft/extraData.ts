import { type Address, fromRlp, type Hex, toRlp } from "viem";

const VANITY: Hex = `0x${"00".repeat(32)}`;

/**
 * `extraData` of a QBFT genesis block: RLP([32-byte vanity, validators ascending, no vote, round 0, no seals]).
 * Without validators it is the one of contract mode, where a contract names them.
 */
export function extraDataOf(validators: readonly Address[]): Hex {
  const ascending = validators.map((address) => address.toLowerCase() as Address).sort();
  // A scalar 0 is the empty string in RLP; the empty list stands for "no vote".
  return toRlp([VANITY, ascending, [], "0x", []]);
}

export interface ExtraData {
  validators: Address[];
  /** Round in which the block was agreed on: 0 unless proposers failed. */
  round: number;
  /** What its proposer votes for: a validator more, or one less. */
  vote: { address: Address; add: boolean } | undefined;
}

/** What a header's `extraData` says; undefined when the chain is not QBFT (a development node has none). */
export function readExtraData(extraData: Hex): ExtraData | undefined {
  try {
    const [, validators, vote, round] = fromRlp(extraData, "hex");
    if (!Array.isArray(validators) || typeof round !== "string" || round.length > 10) return undefined;
    if (!validators.every((item) => typeof item === "string" && item.length === 42)) return undefined;
    const [address, kind] = Array.isArray(vote) ? vote : [];
    return {
      validators: validators as Address[],
      round: round === "0x" ? 0 : Number(round),
      vote: typeof address === "string" ? { address: address as Address, add: kind === "0xff" } : undefined,
    };
  } catch {
    return undefined;
  }
}
