import type { ShardRelay } from "./shardedChain.ts";

type Lie = NonNullable<ShardRelay["lie"]>;

/** What a relay lets one address ask: so much at once, and so much a second (relay/src/http/rpc.ts). By the clock, which tests set. */
export function createBucket({ burst, perSecond }: { burst: number; perSecond: number }) {
  let tokens = burst;
  let at = Date.now();
  let refused = 0;
  return {
    /** Milliseconds until there is enough; 0 where it was taken. */
    take(cost: number): number {
      tokens = Math.min(burst, tokens + ((Date.now() - at) / 1000) * perSecond);
      at = Date.now();
      if (tokens >= cost) {
        tokens -= cost;
        return 0;
      }
      refused++;
      return Math.ceil(((cost - tokens) / perSecond) * 1000);
    },
    refused: () => refused,
  };
}

/** Answers what its rate allows, and else as a relay does. */
export const limited =
  ({ take }: ReturnType<typeof createBucket>): Lie =>
  (method, result) => {
    const wait = take(method === "eth_getProof" ? 5 : 1);
    if (wait === 0) return result;
    const error = { code: -32005, message: "Too many requests" };
    const headers = { "Retry-After": String(Math.ceil(wait / 1000)) };
    return Response.json({ jsonrpc: "2.0", id: null, error }, { status: 429, headers });
  };

/** Answers after so many milliseconds. */
export const slow =
  (ms: number): Lie =>
  async (_, result) => {
    await new Promise((resolve) => setTimeout(resolve, ms));
    return result;
  };

/** Knows blocks, and says nothing to a question for a proof until nobody waits for it any more. */
export const hanging: Lie = async (method, result) => {
  if (method !== "eth_getProof") return result;
  await new Promise((resolve) => setTimeout(resolve, 5000));
  throw new DOMException("Too late", "TimeoutError");
};
