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
  /** What each said last: one that fails now and then has said it before another, which failed then, says it too. */
  const said = new Map<string, Settled>();
  for (let round = 0; round < rounds; round++) {
    if (signal?.aborted) throw new SkrumbleError("ABORTED");
    await pauseBefore(round);
    // Two at first, the others only when those do not agree: the common case costs two requests.
    for (const batch of [endpoints.slice(0, needed), ...endpoints.slice(needed).map((endpoint) => [endpoint])]) {
      await Promise.all(
        batch.map(async (endpoint) => {
          const vote = await ask(rpc, endpoint, method, params, signal);
          if (vote) said.set(endpoint.operator, vote);
        }),
      );
      const agreed = agreedIn([...said.values()]);
      if (agreed?.error) throw agreed.error;
      if (agreed) return agreed.result;
    }
  }
  const cause = new AggregateError([...said.values()].flatMap(({ error }) => error ?? []));
  throw new SkrumbleError(said.size < needed ? "CHAIN_UNREACHABLE" : "QUORUM_FAILED", { cause });
}

const agreedIn = (votes: readonly Settled[]): Settled | undefined =>
  votes.find(({ key }) => votes.filter((other) => other.key === key).length >= needed);

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
