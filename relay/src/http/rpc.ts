import type { IncomingMessage, ServerResponse } from "node:http";
import { createTokenBucket, type Rate, type TokenBucket, takeTokens } from "../core/tokenBucket.ts";
import { readBody, respondJson } from "./respond.ts";
import { boundGas, MAX_BODY_BYTES, parseRpc, type RpcRequest, refuseBatch, rpcCost } from "./rpcRules.ts";

export interface RpcOptions {
  url: string;
  rate: Rate;
  /** For eth_sendRawTransaction alone, which others pay for with room in blocks. */
  sendRate: Rate;
  now(): number;
  head(): number;
  /** Whether the node is of this network's chain, as far as is known. */
  isOurs(): boolean;
}

const TIMEOUT_MS = 10_000;
const MAX_ANSWER_BYTES = 8 * 1024 * 1024;
const MAX_BUCKETS = 50_000;

/**
 * Passes chosen JSON-RPC requests on to the chain node, so clients need no node of their own and no relay needs to be
 * trusted alone: clients ask several. Addresses of callers live in memory only, for the rate limit.
 */
export function createRpc(options: RpcOptions) {
  const buckets = new Map<string, { all: TokenBucket; sends: TokenBucket }>();
  const counters = { requests: 0, refused: 0, failed: 0 };

  function admit(address: string, cost: number, sends: number): number {
    const now = options.now();
    let bucket = buckets.get(address);
    if (!bucket) {
      // The oldest entries are the fullest buckets: forgetting them changes nothing.
      if (buckets.size >= MAX_BUCKETS) buckets.delete(buckets.keys().next().value as string);
      bucket = { all: createTokenBucket(options.rate, now), sends: createTokenBucket(options.sendRate, now) };
      buckets.set(address, bucket);
    }
    const wait = takeTokens(bucket.all, options.rate, cost, now);
    return wait || sends === 0 ? wait : takeTokens(bucket.sends, options.sendRate, sends, now);
  }

  async function forward(requests: RpcRequest[]): Promise<unknown[]> {
    const answer = await fetch(options.url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      // Own ids, so that a client's choice of ids cannot confuse the pairing.
      body: JSON.stringify(
        requests.map((rpc, id) => ({ jsonrpc: "2.0", id, method: rpc.method, params: rpc.params ?? [] })),
      ),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const answers = (await readJson(answer)) as { id: number; result?: unknown; error?: unknown }[];
    return requests.map((rpc, id) => {
      const found = answers.find((entry) => entry.id === id);
      if (!found) return failure(rpc, -32603, "No answer from the chain node");
      const { result, error } = found;
      return { jsonrpc: "2.0", id: rpc.id ?? null, ...(error === undefined ? { result } : { error }) };
    });
  }

  return {
    async handle(request: IncomingMessage, response: ServerResponse, address: string): Promise<void> {
      const body = await readBody(request, MAX_BODY_BYTES);
      const parsed = body && parseRpc(body.toString("utf8"));
      if (!parsed) {
        counters.refused++;
        const error = body
          ? { code: -32600, message: "Invalid request" }
          : { code: -32600, message: "Request too large" };
        return respondJson(response, body ? 400 : 413, { jsonrpc: "2.0", id: null, error });
      }
      const { requests, isBatch } = parsed;
      counters.requests += requests.length;
      const wait = admit(
        address,
        requests.reduce((sum, rpc) => sum + rpcCost(rpc), 0),
        requests.filter(({ method }) => method === "eth_sendRawTransaction").length,
      );
      if (wait > 0) {
        counters.refused += requests.length;
        const error = { code: -32005, message: "Too many requests" };
        const retry = { "Retry-After": String(Math.ceil(wait / 1000)) };
        return respondJson(response, 429, { jsonrpc: "2.0", id: null, error }, retry);
      }
      const refusals = refuseBatch(requests, options.head());
      const allowed = requests.filter((_, index) => !refusals[index]);
      let answers: unknown[];
      try {
        // "Nothing there" would be believed: a node of another chain is one that is away.
        if (!options.isOurs()) throw new Error("a node of another chain");
        answers = allowed.length > 0 ? await forward(allowed.map(boundGas)) : [];
      } catch {
        counters.failed++;
        answers = allowed.map((rpc) => failure(rpc, -32603, "The chain node does not answer"));
      }
      const all = requests.map((rpc, index) => {
        const refusal = refusals[index];
        if (!refusal) return answers.shift();
        counters.refused++;
        return failure(rpc, refusal.code, refusal.message);
      });
      respondJson(response, 200, isBatch ? all : all[0]);
    },
    counters,
  };
}

/** The body of an answer; gives up as soon as it is too large, whatever its head said. */
async function readJson(answer: Response): Promise<unknown> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  // Leaving the loop by an error also cancels the request.
  for await (const chunk of answer.body ?? []) {
    length += chunk.length;
    if (length > MAX_ANSWER_BYTES) throw new Error("answer too large");
    chunks.push(chunk);
  }
  return JSON.parse(Buffer.concat(chunks).toString("utf8"));
}

function failure(rpc: RpcRequest, code: number, message: string) {
  return { jsonrpc: "2.0", id: rpc.id ?? null, error: { code, message } };
}
