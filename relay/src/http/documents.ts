import type { IncomingMessage, ServerResponse } from "node:http";
import type { DocumentChain, DocumentPlace } from "../chain/documentChain.ts";
import { createTokenBucket, type Rate, type TokenBucket, takeTokens } from "../core/tokenBucket.ts";
import type { DocumentStore } from "../documents/documentStore.ts";
import { ANY_ORIGIN, readBody, respond, respondJson } from "./respond.ts";

export interface DocumentRoutes {
  store: DocumentStore;
  chain: DocumentChain;
  readRate: Rate;
  /** Each costs a read of the chain. */
  writeRate: Rate;
  now(): number;
}

export const MAX_DOCUMENT_BYTES = 32 * 1024;
/** A comment has at most 1,000 UTF-16 code units. */
const MAX_COMMENT_BYTES = 4 * 1024;
const MAX_BUCKETS = 50_000;
const NUMBER = "(?:0|[1-9][0-9]{0,18})";
const READ = /^\/documents\/([0-9a-f]{64})$/;
const JOB = new RegExp(`^/documents/jobs/(${NUMBER})$`);
const RATING = new RegExp(`^/documents/ratings/(${NUMBER})/(${NUMBER})$`);

/**
 * Public documents whose hashes the chain keeps: listings of jobs and comments of ratings. A relay takes one only when the
 * chain names its hash at the place it is put for, so that each is signed by its author's wallet, and there are as many as they signed.
 */
export function createDocuments({ store, chain, readRate, writeRate, now }: DocumentRoutes) {
  const buckets = new Map<string, { reads: TokenBucket; writes: TokenBucket }>();
  const counters = { documentReads: 0, documentsPut: 0, documentsRefused: 0 };

  /** Milliseconds to wait, 0 for none. Addresses live in memory only, for the rate limit. */
  function admit(address: string, what: "reads" | "writes"): number {
    const at = now();
    let bucket = buckets.get(address);
    if (!bucket) {
      if (buckets.size >= MAX_BUCKETS) buckets.delete(buckets.keys().next().value as string);
      bucket = { reads: createTokenBucket(readRate, at), writes: createTokenBucket(writeRate, at) };
      buckets.set(address, bucket);
    }
    return takeTokens(bucket[what], what === "reads" ? readRate : writeRate, 1, at);
  }

  function refuse(response: ServerResponse, status: number, error: string, headers: Record<string, string> = {}): void {
    counters.documentsRefused++;
    respondJson(response, status, { error }, headers);
  }

  function read(response: ServerResponse, path: string): void {
    const hash = READ.exec(path)?.[1];
    const body = hash && store.get(Buffer.from(hash, "hex"), now());
    if (!body) {
      respondJson(response, 404, { error: "not-found" });
      return;
    }
    counters.documentReads++;
    // Named by its content: it never changes. Bytes, whatever they say: nobody's browser is to run them.
    const type = { "Content-Type": "application/octet-stream", "Cache-Control": "public, max-age=31536000, immutable" };
    respond(response, 200, { ...ANY_ORIGIN, ...type }, body);
  }

  async function write(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    const place = placeOf(path);
    if (!place) return refuse(response, 404, "not-found");
    const body = await readBody(request, place.kind === "job" ? MAX_DOCUMENT_BYTES : MAX_COMMENT_BYTES);
    if (!body) return refuse(response, 413, "too-large");
    let confirmed: Awaited<ReturnType<DocumentChain["confirm"]>>;
    try {
      confirmed = await chain.confirm(place, body);
    } catch {
      return refuse(response, 503, "chain-unreachable");
    }
    if (!confirmed) return refuse(response, 409, "not-on-chain");
    if (!store.put(confirmed.hash, confirmed.author, body, now())) return refuse(response, 507, "full");
    counters.documentsPut++;
    respondJson(response, 201, { hash: Buffer.from(confirmed.hash).toString("hex") });
  }

  return {
    counters,
    async handle(request: IncomingMessage, response: ServerResponse, path: string, address: string): Promise<void> {
      const writing = request.method === "POST";
      if (!writing && request.method !== "GET" && request.method !== "HEAD") {
        return respond(response, 405, { Allow: "GET, HEAD, POST, OPTIONS" });
      }
      const wait = admit(address, writing ? "writes" : "reads");
      if (wait > 0) {
        return refuse(response, 429, "too-many-requests", { "Retry-After": String(Math.ceil(wait / 1000)) });
      }
      return writing ? write(request, response, path) : read(response, path);
    },
  };
}

function placeOf(path: string): DocumentPlace | undefined {
  const job = JOB.exec(path);
  if (job) return { kind: "job", jobId: BigInt(job[1] as string) };
  const rating = RATING.exec(path);
  return rating
    ? { kind: "rating", ratee: BigInt(rating[1] as string), index: BigInt(rating[2] as string) }
    : undefined;
}
