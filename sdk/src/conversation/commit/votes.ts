import type { Core } from "../../client/core.ts";
import { equalBytes } from "../../crypto/bytes.ts";
import { codeOf } from "../../errors/index.ts";
import type { OrderEntry } from "../../protocol/index.ts";
import type { Vote } from "../envelope.ts";
import { quorumOf } from "../order/decide.ts";
import { commitHash, nameOf, type OrderKeys } from "../order/leaf.ts";

/** What relays said about an epoch. */
export interface Ballot {
  /** The first valid commit at each relay that answered with one: its name, and the relay's signature. */
  votes: { name: string; vote: Vote }[];
  /** Commits by name. */
  commits: Map<string, Uint8Array>;
}

export interface BallotInput {
  keys: OrderKeys;
  relays: readonly number[];
  /** Whether a commit of this epoch is one that members may make. Never asked about one's own. */
  valid(commit: Uint8Array): Promise<boolean>;
  /** One's own commit, to be put in line; without, the lines are only looked at. */
  own?: Uint8Array;
}

/**
 * Asks the ordering relays, all at once, until a majority says the same (also: nothing) or all have answered. Relays that do not answer or lie
 * have no vote. @throws what `valid` throws
 */
export async function takeBallot(core: Core, input: BallotInput): Promise<Ballot> {
  const ballot: Ballot = { votes: [], commits: new Map() };
  const { promise: agreed, resolve } = Promise.withResolvers<void>();
  const enough = quorumOf(input.relays);
  let empty = 0;
  const stop = new AbortController();
  const signal = AbortSignal.any([core.signal, stop.signal]);
  const asked = input.relays.map(async (relayId) => {
    const found = await ask(core, input, relayId, signal).catch((error) => {
      if (stop.signal.aborted || silence.has(codeOf(error))) return undefined;
      throw error;
    });
    if (stop.signal.aborted) return;
    if (!found) {
      if (found === null && ++empty >= enough) resolve();
      return;
    }
    const name = nameOf(found.commit);
    ballot.votes.push({ name, vote: { relayId, entry: found.entry } });
    ballot.commits.set(name, found.commit);
    if (ballot.votes.filter((vote) => vote.name === name).length >= enough) resolve();
  });
  // One's own goes to every relay, also when two have agreed already: the third may be asked by others.
  await Promise.race([agreed, Promise.all(asked)]);
  if (!input.own) stop.abort();
  for (const one of asked) one.catch(() => undefined);
  return { votes: [...ballot.votes], commits: new Map(ballot.commits) };
}

/** Reasons of a relay's own. Whatever the registry or the store says is not among them. */
const silence = new Set<string>(["RELAY_LIED", "RELAY_NONE", "RELAY_REFUSED", "NETWORK_UNREACHABLE"]);

interface Found {
  commit: Uint8Array;
  entry: OrderEntry;
}

async function ask(
  core: Core,
  { keys, own, valid }: BallotInput,
  relayId: number,
  signal: AbortSignal,
): Promise<Found | null> {
  if (own) {
    const body = await keys.close(relayId, own);
    const { first } = await core.pool.order(relayId, keys.leaf(relayId, own), body, { signal: core.signal });
    const hash = keys.commitmentOf(relayId, first.leaf);
    if (hash && equalBytes(hash, commitHash(own))) return { commit: own, entry: first };
  }
  // The first that is valid is the relay's word; what stands before it is junk, the same for everybody.
  for (const { body, ...entry } of await core.pool.orderLog(relayId, keys.tag(relayId), { signal })) {
    const hash = keys.commitmentOf(relayId, entry.leaf);
    const commit = hash && (await keys.open(relayId, body));
    if (!hash || !commit || !equalBytes(commitHash(commit), hash)) continue;
    if ((own && equalBytes(commit, own)) || (await valid(commit))) return { commit, entry };
  }
  return null;
}
