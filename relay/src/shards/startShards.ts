import { Worker } from "node:worker_threads";
import type { Logger } from "pino";
import type { Rate } from "../core/tokenBucket.ts";
import { createShards } from "../http/shards.ts";
import { describeError } from "../log.ts";
import { isDamage } from "../storage/database.ts";
import type { ShardNews } from "./followRegistry.ts";
import { createShardReader, type ShardReader } from "./shardReader.ts";
import type { ShardSettings } from "./worker.ts";

export interface ShardOptions {
  settings: ShardSettings;
  /** Of one address. */
  rate: Rate;
  now(): number;
  log: Logger;
  /** Milliseconds after which a thread that ended is begun again: twice as long each time that it published nothing, up to 64 times. */
  restartMs?: number;
  /** Megabytes of the thread's heap; one that needs more ends, and the relay goes on. */
  heapMb?: number;
}

/** Objects of a moment: what makes V8 tidy up early, so that a first reading does not take 250 MB. */
const youngMb = 8;
const mostDoublings = 6;

/**
 * Follows the identity registry on a thread of its own until it is stopped, and gives out its shards. Whatever happens to the thread or its
 * file, the relay goes on, without shards until there are some again.
 */
export function startShards({ settings, rate, now, log, restartMs = 60_000, heapMb = 128 }: ShardOptions) {
  let reader: ShardReader | undefined;
  let published = 0;
  let isDamaged = false;
  let isStopping = false;
  /** Times that the thread ended since it last published. */
  let ends = 0;
  let restart: NodeJS.Timeout | undefined;
  let worker = begin();

  function begin(): Worker {
    const begun = new Worker(new URL("./worker.ts", import.meta.url), {
      workerData: { ...settings, isDamaged },
      resourceLimits: { maxOldGenerationSizeMb: heapMb, maxYoungGenerationSizeMb: youngMb },
    });
    begun.on("message", hear);
    begun.on("error", (error) => log.warn(describeError(error), "the thread of the registry's shards failed"));
    begun.once("exit", ended);
    return begun;
  }

  function hear(news: ShardNews): void {
    const { about, ...rest } = news;
    if (about === "opened") {
      isDamaged = false;
      read(() => {
        reader = createShardReader(settings.folder);
      });
    }
    if ("published" in news) published = news.published;
    if (about === "published") {
      ends = 0;
      log.debug(rest, "shards published");
    }
    if (about === "full") log.warn("no room for the registry's shards: SHARD_BYTES, or the disk; no shards of it");
    if (about === "not-followed") log.warn(rest, "registry not followed yet");
    if (about === "failed") log.warn(rest, "no shards of the registry");
    if (about === "other-root") {
      published = 0;
      log.warn(rest, "the registry's storage is another than its events say; no shards of it");
    }
    if (about === "damaged") isDamaged = true;
  }

  /** The file is thrown away by the next thread, when nobody has it open any more. */
  function ended(): void {
    reader?.close();
    reader = undefined;
    published = 0;
    if (isStopping) return;
    if (isDamaged) log.warn("damaged shards of the registry thrown away; they are read again");
    restart = setTimeout(
      () => {
        worker = begin();
      },
      restartMs * 2 ** Math.min(ends++, mostDoublings),
    );
    restart.unref();
  }

  function read<T>(work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      if (!isDamage(error)) log.warn(describeError(error), "shards of the registry cannot be read");
      else if (!isDamaged) {
        isDamaged = true;
        void worker.terminate();
      }
      return undefined;
    }
  }

  return {
    /** Block whose shards are given out, 0 for none. */
    published: () => published,
    routes: createShards({
      get: (kind, hash) => read(() => reader?.get(kind, hash)),
      published: () => published,
      ...{ rate, now },
    }),
    async stop(): Promise<void> {
      isStopping = true;
      clearTimeout(restart);
      await worker.terminate();
    },
  };
}
