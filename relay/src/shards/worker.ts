import { setTimeout as sleep } from "node:timers/promises";
import { parentPort, workerData } from "node:worker_threads";
import type { Address } from "viem";
import { createRegistryChain } from "../chain/registryChain.ts";
import { describeError } from "../log.ts";
import { isDamage, isFull } from "../storage/database.ts";
import { followRegistry, type ShardNews } from "./followRegistry.ts";
import { createPace } from "./pace.ts";
import { createShardKeeper } from "./shardKeeper.ts";
import { createShardStore } from "./shardStore.ts";

export interface ShardSettings {
  folder: string;
  rpcUrl: string;
  chainId: number;
  /** The identity registry. */
  registry: Address;
  /** Block before which there is no registry. */
  from: bigint;
  /** Size that the file may grow to. */
  maxBytes: number;
}

/** The thread that reads the registry and hashes its trie, so that the relay does neither. It ends when it cannot go on. */
const settings = workerData as ShardSettings & { isDamaged: boolean };
const port = parentPort as NonNullable<typeof parentPort>;
const tell = (news: ShardNews): void => port.postMessage(news);
const STEP_MS = 4_000;

try {
  const store = createShardStore(settings.folder, settings);
  tell({ about: "opened" });
  const chain = createRegistryChain(settings);
  const keeper = createShardKeeper({ chain, store, from: settings.from, pace: createPace() });
  await followRegistry(keeper, tell, () => sleep(STEP_MS));
} catch (error) {
  if (isDamage(error)) tell({ about: "damaged" });
  else if (isFull(error)) tell({ about: "full" });
  else tell({ about: "failed", ...describeError(error) });
}
process.exit();
