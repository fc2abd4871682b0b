import { setTimeout as sleep, setImmediate as turn } from "node:timers/promises";
import type { Logger } from "pino";
import type { RelayConfig } from "../config.ts";
import type { Clock } from "../core/ports.ts";
import { createShards } from "../http/shards.ts";
import { describeError } from "../log.ts";
import { createShardKeeper, type ShardChain } from "./shardKeeper.ts";
import { createShardStore } from "./shardStore.ts";

const STEP_MS = 4_000;

/** Follows the identity registry until it is stopped, and gives out its shards. */
export function startShards(config: RelayConfig, clock: Clock, log: Logger, chain: ShardChain) {
  const store = createShardStore(config.DATA_DIR);
  const ending = new AbortController();
  const from = BigInt(config.deployment?.fromBlock ?? 0);
  const pause = async () => {
    ending.signal.throwIfAborted();
    await turn();
  };
  const keeper = createShardKeeper({ chain, store, from, pause });

  async function follow(): Promise<void> {
    while (!ending.signal.aborted) {
      try {
        const outcome = await keeper.step();
        if (outcome === "other-root")
          log.warn("the registry's storage is another than its events say; no shards of it");
        if (outcome === "published") log.debug({ block: Number(keeper.published()) }, "shards published");
      } catch (error) {
        // The chain says by itself that it is away; the next step goes on from here.
        if (!ending.signal.aborted) log.debug(describeError(error), "registry not followed yet");
      }
      await sleep(STEP_MS, undefined, { signal: ending.signal }).catch(() => undefined);
    }
    store.close();
  }
  const following = follow();

  return {
    published: keeper.published,
    routes: createShards({
      ...{ store, now: clock.now },
      rate: { perSecond: config.RPC_PER_SECOND, burst: config.RPC_BURST },
    }),
    stop(): Promise<void> {
      ending.abort();
      return following;
    },
  };
}
