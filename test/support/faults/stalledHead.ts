import { type Ask, type Fault, type Outcome, type RpcCall, resultOf } from "./fault.ts";

/** Where each method says which block it means. */
const places: Record<string, number> = {
  eth_call: 1,
  eth_estimateGas: 1,
  eth_getBalance: 1,
  eth_getCode: 1,
  eth_getTransactionCount: 1,
  eth_getProof: 2,
  eth_getBlockByNumber: 0,
};
const isNewest = (block: unknown) => block === undefined || block === "latest";

/**
 * A node that follows the chain no more: it stays at the block it had when it is first asked, takes what it is given, and
 * knows of nothing that came later. Off again, it has caught up.
 */
export function stalledHead(): Fault {
  let head: Promise<string> | undefined;
  const headOf = (ask: Ask) => {
    head ??= ask("eth_blockNumber", []).then((outcome) => resultOf(outcome) as string);
    return head;
  };
  const isLater = (block: unknown, newest: string) => typeof block === "string" && Number(block) > Number(newest);

  async function instead({ method, params }: RpcCall, ask: Ask): Promise<Outcome | undefined> {
    const newest = await headOf(ask);
    if (method === "eth_blockNumber") return { result: newest };
    if (method === "eth_getLogs") {
      const [filter] = params as [{ fromBlock?: string; toBlock?: string }];
      if (isLater(filter.fromBlock, newest)) return { result: [] };
      const isInside = !isNewest(filter.toBlock) && !isLater(filter.toBlock, newest);
      return isInside ? undefined : ask(method, [{ ...filter, toBlock: newest }]);
    }
    const place = places[method];
    if (place === undefined) return undefined;
    if (isLater(params[place], newest))
      return method === "eth_getBlockByNumber"
        ? { result: null }
        : { error: { code: -32000, message: "header not found" } };
    return isNewest(params[place]) ? ask(method, params.toSpliced(place, 1, newest)) : undefined;
  }

  async function change({ method }: RpcCall, outcome: Outcome, ask: Ask): Promise<Outcome> {
    const found = resultOf(outcome) as { blockNumber?: string } | null | undefined;
    if (!found || !isLater(found.blockNumber, await headOf(ask))) return outcome;
    if (method === "eth_getTransactionReceipt") return { result: null };
    if (method === "eth_getTransactionByHash")
      return { result: { ...found, blockNumber: null, blockHash: null, transactionIndex: null } };
    return outcome;
  }

  return { instead, change };
}
