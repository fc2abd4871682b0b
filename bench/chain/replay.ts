import type { Rpc } from "../../sdk/src/chain/rpc.ts";

type Answer = { result: unknown } | { error: unknown };

/** One key for questions that differ only in their arguments: an operation carried out again asks about new keys and transactions. */
function keyOf(method: string, params: readonly unknown[]): string {
  const call = params[0] as { to?: string; data?: string } | undefined;
  return method === "eth_call" ? `${method} ${call?.to} ${call?.data?.slice(0, 10)}` : method;
}

/** Keeps what an operation is answered, so that it can be carried out again without a network. */
export function record(rpc: Rpc): { rpc: Rpc; replay(): Rpc } {
  const answers = new Map<string, Answer[]>();
  const keep = async (method: string, params: unknown[], asked: Promise<unknown>): Promise<unknown> => {
    const key = keyOf(method, params);
    // By the order of the questions: answers to several at once come in any.
    const place: Answer = { result: undefined };
    answers.set(key, [...(answers.get(key) ?? []), place]);
    try {
      const result = await asked;
      // "Not yet" is an answer that only costs waiting.
      if (result === null) answers.set(key, answers.get(key)?.filter((one) => one !== place) ?? []);
      else Object.assign(place, { result });
      return result;
    } catch (error) {
      Object.assign(place, { error });
      throw error;
    }
  };
  return {
    rpc: {
      ...rpc,
      request: (method, params, signal) => keep(method, params, rpc.request(method, params, signal)),
      requestAt: (endpoint, method, params, signal) =>
        keep(method, params, rpc.requestAt(endpoint, method, params, signal)),
    },
    replay: () => replay(rpc, answers),
  };
}

/** Gives the answers in the order they came, the last one as often as it is asked for. */
function replay(rpc: Rpc, answers: ReadonlyMap<string, readonly Answer[]>): Rpc {
  const used = new Map<string, number>();
  const answer = async (method: string, params: unknown[]): Promise<unknown> => {
    const key = keyOf(method, params);
    const kept = answers.get(key) ?? [];
    const at = used.get(key) ?? 0;
    used.set(key, at + 1);
    const said = kept[Math.min(at, kept.length - 1)];
    if (!said) throw new Error(`${key} was not asked before`);
    if ("error" in said) throw said.error;
    return said.result;
  };
  return { ...rpc, request: answer, requestAt: (_, method, params) => answer(method, params) };
}
