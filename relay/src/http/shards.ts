import type { IncomingMessage, ServerResponse } from "node:http";
import { createTokenBucket, type Rate, type TokenBucket, takeTokens } from "../core/tokenBucket.ts";
import type { ShardStore } from "../shards/shardStore.ts";
import { ANY_ORIGIN, respond, respondJson } from "./respond.ts";

export interface ShardRoutes {
  store: Pick<ShardStore, "get">;
  rate: Rate;
  now(): number;
}

const MAX_BUCKETS = 50_000;
/** Named by its content: it never changes. */
const FOR_EVER = {
  "Content-Type": "application/octet-stream",
  "Cache-Control": "public, max-age=31536000, immutable",
};
const PATH = /^\/shards\/(manifests\/)?([0-9a-f]{64})$/;

/** Shards of the identity registry by the hash of their node in its trie, and manifests by the root of its storage. */
export function createShards({ store, rate, now }: ShardRoutes) {
  const buckets = new Map<string, TokenBucket>();
  const counters = { shardReads: 0, shardsRefused: 0 };

  /** Milliseconds to wait, 0 for none. Addresses live in memory only, for the rate limit. */
  function admit(address: string): number {
    const at = now();
    let bucket = buckets.get(address);
    if (!bucket) {
      if (buckets.size >= MAX_BUCKETS) buckets.delete(buckets.keys().next().value as string);
      bucket = createTokenBucket(rate, at);
      buckets.set(address, bucket);
    }
    return takeTokens(bucket, rate, 1, at);
  }

  return {
    counters,
    handle(request: IncomingMessage, response: ServerResponse, path: string, address: string): void {
      const wait = admit(address);
      const [, manifest, hash = ""] = PATH.exec(path) ?? [];
      const body = wait === 0 && hash && store.get(manifest ? "manifest" : "shard", Buffer.from(hash, "hex"));
      if (request.method !== "GET" && request.method !== "HEAD") {
        respond(response, 405, { Allow: "GET, HEAD, OPTIONS" });
      } else if (wait > 0) {
        counters.shardsRefused++;
        const after = { "Retry-After": String(Math.ceil(wait / 1000)) };
        respondJson(response, 429, { error: "too-many-requests" }, after);
      } else if (body) {
        counters.shardReads++;
        respond(response, 200, { ...ANY_ORIGIN, ...FOR_EVER }, body);
      } else respondJson(response, 404, { error: "not-found" });
    },
  };
}
