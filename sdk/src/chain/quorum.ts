import { SkrumbleError } from "../errors/index.ts";
import { comparable, comparableError } from "./comparable.ts";
import { pauseBefore } from "./pauseBefore.ts";
import { type Rpc, RpcError } from "./rpc.ts";
import type { RpcEndpoint } from "./types.ts";

/** So many operators have to say the same, where so many are known. */
export const needed = 2;
const rounds = 4;

/**
 * Asks relays of different operators, in random order, until two give the same answer. A relay may be a block behind, so
 * a disagreement is asked again a few times before it counts. Nobody is distrusted for being outvoted: it may know the newer block, and two
 * who lie could push all others back like that. With a single known operator its word has to do.
 * @throws SkrumbleError QUORUM_FAILED (its cause: an AggregateError of what operators refused with at last), CHAIN_UNREACHABLE, ABORTED;
 * RpcError when two agree on an error
 */
export async function quorumRequest(
  rpc: Rpc,
  method: string,
  params: unknown[],
  signal?: AbortSignal,
): Promise<unknown> {
  const endpoints = onePerOperator(rpc);
  if (endpoints.length < needed) return comparable(method, await rpc.request(method, params, signal));
  let answered = 0;
  let errors: RpcError[] = [];
  for (let round = 0; round < rounds; round++) {
    if (signal?.aborted) throw new SkrumbleError("ABORTED");
    await pauseBefore(round);
    const votes = new Map<string, Settled[]>();
    answered = 0;
    errors = [];
    // Two at first, the others only when those do not agree: the common case costs two requests.
    for (const batch of [endpoints.slice(0, needed), ...endpoints.slice(needed).map((endpoint) => [endpoint])]) {
      const settled = await Promise.all(batch.map((endpoint) => ask(rpc, endpoint, method, params, signal)));
      for (const vote of settled) {
        if (!vote) continue;
        answered++;
        if (vote.error) errors.push(vote.error);
        const same = [...(votes.get(vote.key) ?? []), vote];
        votes.set(vote.key, same);
        if (same.length < needed) continue;
        if (vote.error) throw vote.error;
        return vote.result;
      }
    }
  }
  const cause = new AggregateError(errors);
  throw new SkrumbleError(answered < needed ? "CHAIN_UNREACHABLE" : "QUORUM_FAILED", { cause });
}

interface Settled {
  key: string;
  result?: unknown;
  error?: RpcError;
}

async function ask(
  rpc: Rpc,
  endpoint: RpcEndpoint,
  method: string,
  params: unknown[],
  signal: AbortSignal | undefined,
): Promise<Settled | undefined> {
  try {
    const result = comparable(method, await rpc.requestAt(endpoint, method, params, signal));
    return { key: JSON.stringify(result), result };
  } catch (error) {
    // A revert is an answer too: "there is no such identity" must not look like an outage.
    return error instanceof RpcError ? { key: comparableError(error), error } : undefined;
  }
}

/** In an order of chance. */
export function shuffled<T>(items: readonly T[]): T[] {
  const mixed = [...items];
  for (let last = mixed.length - 1; last > 0; last--) {
    const other = Math.floor(Math.random() * (last + 1));
    [mixed[last], mixed[other]] = [mixed[other] as T, mixed[last] as T];
  }
  return mixed;
}

/** At random: nobody is always among the first two for having registered early, and two liars cannot count on it. */
export function onePerOperator(rpc: Pick<Rpc, "endpoints">): RpcEndpoint[] {
  const seen = new Set<string>();
  return shuffled(rpc.endpoints()).filter(({ operator }) => !seen.has(operator) && seen.add(operator));
}
