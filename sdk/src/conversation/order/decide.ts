/**
 * Which of the commits that compete for one epoch counts. A pure function of the evidence, and the same for everybody who
 * has the same evidence; more evidence only ever moves a decision from "open" to "chain" to "relays", or, when a relay
 * signed for two, back to the chain.
 */
export interface Evidence {
  /** The epoch's ordering relays. */
  relays: readonly number[];
  /** What each relay signed as the first valid commit of the epoch, by hash. Two hashes of one relay: it lied. */
  votes: ReadonlyMap<number, ReadonlySet<string>>;
  /** Valid commits that are on the chain and can be read, the earliest first. */
  anchored: readonly string[];
}

export type Decision = { hash: string; by: "relays" | "chain" } | undefined;

/** More than half: two such sets of relays share one that then has signed twice. */
export const quorumOf = (relays: readonly number[]): number => Math.floor(relays.length / 2) + 1;

export function decide({ relays, votes, anchored }: Evidence): Decision {
  const counts = new Map<string, number>();
  for (const relay of relays) {
    for (const hash of votes.get(relay) ?? []) counts.set(hash, (counts.get(hash) ?? 0) + 1);
  }
  const carried = [...counts].filter(([, count]) => count >= quorumOf(relays)).map(([hash]) => hash);
  if (carried.length === 1) return { hash: carried[0] as string, by: "relays" };
  const candidates = carried.length > 1 ? anchored.filter((hash) => carried.includes(hash)) : anchored;
  const [first] = candidates;
  return first === undefined ? undefined : { hash: first, by: "chain" };
}
