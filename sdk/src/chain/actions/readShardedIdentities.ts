import { createTurns } from "../../conversation/inTurn.ts";
import { SkrumbleError, throwIfAborted } from "../../errors/index.ts";
import type { Chain } from "../chain.ts";
import { provable } from "../provenance.ts";
import type { IdentityQuery, ShardedIdentity } from "../types.ts";
import { readIdentity } from "./readIdentity.ts";

const mostQueries = 512;
/** Of those that shards do not answer. */
const atOnce = 4;

/**
 * Looks many identities up at once, as `readIdentity` does one. Where the chain has seals they come out of shards of the registry's
 * storage, which several relays give out and none can falsify; what these do not answer is read one by one. Shards are of a block up to
 * 512 before the newest, which the answer names: whoever acts on a record (sends, pays) has to read that one with `readIdentity` first.
 * @param queries at most 512
 * @returns in the order of the queries
 * @throws SkrumbleError INPUT_INVALID (too many), ABORTED, and what `readIdentity` throws for one that shards do not answer
 */
export async function readShardedIdentities(
  chain: Chain,
  queries: readonly IdentityQuery[],
  signal?: AbortSignal,
): Promise<ShardedIdentity[]> {
  if (queries.length > mostQueries)
    throw new SkrumbleError("INPUT_INVALID", { details: `At most ${mostQueries} queries at once.` });
  throwIfAborted(signal);
  if (queries.length === 0) return [];
  const found = provable(chain)
    ? await import("../sharded/readSharded.ts").then((shards) => shards.readSharded(chain, queries, signal))
    : [];
  const failed = new AbortController();
  const ending = signal ? AbortSignal.any([signal, failed.signal]) : failed.signal;
  const inTurn = createTurns(atOnce);
  return Promise.all(
    queries.map(
      async (query, at) =>
        found[at] ??
        inTurn(async () => ({ record: await readIdentity(chain, query, { quorum: true, signal: ending }) })).catch(
          (error) => {
            // The first failure is everybody's: the others need not try for minutes.
            failed.abort();
            throw error;
          },
        ),
    ),
  );
}
