import { createTurns } from "../../conversation/inTurn.ts";
import { throwIfAborted } from "../../errors/index.ts";
import { isNormalName } from "../../identity/name.ts";
import type { Chain } from "../chain.ts";
import { maxManifestBytes, shardPeriod } from "../shards/manifest.ts";
import type { IdentityQuery, ShardedIdentity } from "../types.ts";
import { readProven } from "../verified/provenState.ts";
import { type Read, readEntry } from "../verified/readProvenIdentity.ts";
import { openState } from "./openState.ts";
import { createParts, type GetPart } from "./relayParts.ts";
import { findShardRelays } from "./shardRelays.ts";

/** For all of it, in milliseconds; what was not found by then is to be read otherwise. */
const longest = 20_000;
/** Queries at once. Each asks for up to seven shards at a time. */
const atOnce = 4;
/**
 * Bytes that one query may cost, several times what it does, and all of them together: whoever cuts less deep than it should does not make a
 * phone load everything there is.
 */
const mostBytes = { query: 512 * 1024, all: 32 * 1024 * 1024 };

/**
 * What shards at relays prove of each query, in their order; undefined for one that they do not answer.
 * @throws SkrumbleError ABORTED
 */
export async function readSharded(
  chain: Chain,
  queries: readonly IdentityQuery[],
  signal?: AbortSignal,
): Promise<(ShardedIdentity | undefined)[]> {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), longest);
  const ending = signal ? AbortSignal.any([signal, limit.signal]) : limit.signal;
  try {
    const relays = await findShardRelays(chain, ending);
    if (relays.length === 0) return [];
    const most = Math.min(2 * maxManifestBytes + queries.length * mostBytes.query, mostBytes.all);
    const state = await findState(chain, await createParts(chain, relays, most, ending), ending);
    const inTurn = createTurns(atOnce);
    return await Promise.all(
      queries.map((query) => inTurn(async () => state && (await answer(query, state).catch(() => undefined)))),
    );
  } catch {
    // Whoever reads them by proof learns why.
    return [];
  } finally {
    clearTimeout(timer);
    throwIfAborted(signal);
  }
}

interface State {
  block: bigint;
  read: Read;
}

async function answer(query: IdentityQuery, { block, read }: State): Promise<ShardedIdentity> {
  const record = await readEntry(query, read);
  return { block, record: record && isNormalName(record.name) ? record : undefined };
}

/** Of the last period; of the one before as long as no relay has made shards of that. */
async function findState(chain: Chain, getPart: GetPart, signal: AbortSignal): Promise<State | undefined> {
  const { identityRegistry } = chain.network.contracts;
  for (const before of [0n, shardPeriod]) {
    const proven = await readProven(
      chain,
      async (state) => {
        const block = state.number - (state.number % shardPeriod) - before;
        // Nobody seals the first one.
        const root = block <= 0n ? undefined : await state.earlierRoot(identityRegistry, block);
        return root && { block, root };
      },
      signal,
    );
    const read = proven && (await openState(proven.root, getPart));
    if (proven && read) return { block: proven.block, read };
  }
  return undefined;
}
