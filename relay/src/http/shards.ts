import type { IncomingMessage, ServerResponse } from "node:http";
import { createTokenBucket, type Rate, type TokenBucket, takeTokens } from "../core/tokenBucket.ts";
import type { ShardReader } from "../shards/shardReader.ts";
import { ANY_ORIGIN, respond, respondJson } from "./respond.ts";

export interface ShardRoutes {
  get: ShardReader["get"];
  /** Block whose shards are given out, 0 for none. */
  published(): number;
  rate: Rate;
  now(): number;
}

const MAX_BUCKETS = 50_000;
/** A shard of usual size costs what any other request does; the largest manifest what 64 do. */
const BYTES_PER_TOKEN = 32_768;
/** Named by its content: it never changes. */
const FOR_EVER = {
  "Content-Type": "application/octet-stream",
  "Cache-Control": "public, max-age=31536000, immutable",
};
const PATH = /^\/shards\/(manifests\/)?([0-9a-f]{64})$/;
const LATEST = "/shards/latest";

/**
 * Shards of the identity registry by the hash of their node in its trie, and manifests by the root of its storage; and whether there are any,
 * so that a client asks for nothing where there are none.
 */
export function createShards({ get, published, rate, now }: ShardRoutes) {
  const buckets = new Map<string, TokenBucket>();
  const counters = { shardReads: 0, shardsRefused: 0 };

  /** Addresses live in memory only, for the rate limit. */
  function bucketOf(address: string): TokenBucket {
    const known = buckets.get(address);
    if (known) return known;
    if (buckets.size >= MAX_BUCKETS) buckets.delete(buckets.keys().next().value as string);
    const bucket = createTokenBucket(rate, now());
    buckets.set(address, bucket);
    return bucket;
  }

  return {
    counters,
    handle(request: IncomingMessage, response: ServerResponse, path: string, address: string): void {
      if (request.method !== "GET" && request.method !== "HEAD") {
        respond(response, 405, { Allow: "GET, HEAD, OPTIONS" });
        return;
      }
      const bucket = bucketOf(address);
      const wait = takeTokens(bucket, rate, 1, now());
      if (wait > 0) {
        counters.shardsRefused++;
        const after = { "Retry-After": String(Math.ceil(wait / 1000)) };
        respondJson(response, 429, { error: "too-many-requests" }, after);
        return;
      }
      if (path === LATEST) {
        respondJson(response, 200, { block: published() });
        return;
      }
      const [, manifest, hash = ""] = PATH.exec(path) ?? [];
      const body = hash && get(manifest ? "manifest" : "shard", Buffer.from(hash, "hex"));
      if (body) {
        // How large it is shows only now; what is not there is owed.
        bucket.tokens -= Math.floor(body.length / BYTES_PER_TOKEN);
        counters.shardReads++;
        respond(response, 200, { ...ANY_ORIGIN, ...FOR_EVER }, body);
      } else respondJson(response, 404, { error: "not-found" });
    },
  };
}

/**
 * A relay without shards. That it has none is an answer like any other: with 404 a browser's console shows an error for each such relay, and
 * nothing keeps a page from that.
 */
export function sayNoShards(request: IncomingMessage, response: ServerResponse, path: string): void {
  if (request.method !== "GET" && request.method !== "HEAD") respond(response, 405, { Allow: "GET, HEAD, OPTIONS" });
  else if (path === LATEST) respondJson(response, 200, { block: null });
  else respondJson(response, 404, { error: "This relay has no shards." });
}
