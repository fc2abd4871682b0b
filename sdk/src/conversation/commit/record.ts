import { fromBase64Url, toBase64Url } from "../../crypto/bytes.ts";
import type { Hex, Millis } from "../../types/primitives.ts";
import { decodeVote, encodeVote, type Vote } from "../envelope.ts";
import type { Evidence } from "../order/decide.ts";
import type { Intent } from "./intents.ts";
import type { Ballot } from "./votes.ts";

/** An epoch that was left: enough to go back to it, should its end turn out to have been another one. */
export interface EpochRecord {
  epoch: number;
  branch: string;
  /** Name of the commit that ended it here. */
  applied: string;
  /** Its ordering relays. */
  relays: number[];
  /** What each relay signed to be first: by relay, then by name of the commit. Two names of one relay prove that it lied. */
  votes: Record<number, Record<string, string>>;
  /** Commits by name, base64url. */
  commits: Record<string, string>;
  /** When it ended here. */
  endedAt?: Millis;
  /** Counter of the last text this device sent in it. */
  sent: number;
  /** Whom it would say again what it said since when, as {@link SessionRecord.came} was then. */
  came?: Record<Hex, number>;
  /** What this device had wanted, when the commit was its own. */
  own?: Intent[];
}

/** Competing commits that are kept of one epoch. */
const maxRivals = 6;

export const withBallot = (record: EpochRecord, { votes, commits }: Pick<Ballot, "votes" | "commits">): EpochRecord => {
  const merged: EpochRecord = { ...record, votes: { ...record.votes }, commits: { ...record.commits } };
  for (const [name, bytes] of commits) {
    if (Object.keys(merged.commits).length < maxRivals) merged.commits[name] = toBase64Url(bytes);
  }
  for (const { name, vote } of votes) {
    if (merged.commits[name] === undefined) continue;
    merged.votes[vote.relayId] = { ...merged.votes[vote.relayId], [name]: toBase64Url(encodeVote(vote)) };
  }
  return merged;
};

export const evidenceOf = ({ relays, votes }: EpochRecord, anchored: readonly string[] = []): Evidence => ({
  relays,
  votes: new Map(Object.entries(votes).map(([relay, names]) => [Number(relay), new Set(Object.keys(names))])),
  anchored,
});

/** What others need to believe that a commit won; only signatures for the very front of a line say that much. */
export const signedFor = ({ votes }: EpochRecord, name: string): Vote[] =>
  Object.values(votes)
    .flatMap((names) => names[name] ?? [])
    .map((text) => decodeVote(fromBase64Url(text)))
    .filter(({ entry }) => entry.position === 0);
