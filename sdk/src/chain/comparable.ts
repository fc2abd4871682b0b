import { isRevert, isUnfunded, type RpcError } from "./rpc.ts";

/** What programs that run nodes answer alike; each adds fields of its own, in an order of its own. */
const logKeys = ["address", "topics", "data", "blockNumber", "transactionHash", "logIndex"];
const transactionKeys = ["hash", "from", "to", "value", "nonce", "input"];
const keysOf: Record<string, string[]> = {
  eth_getTransactionReceipt: ["transactionHash", "status", "blockNumber", "logs"],
  eth_getTransactionByHash: transactionKeys,
  eth_getBlockByNumber: ["number", "hash", "timestamp", "transactions"],
  eth_getLogs: logKeys,
};
/** Of lists inside. */
const innerKeys: Record<string, string[]> = { logs: logKeys, transactions: transactionKeys };

/** The part of an answer that two nodes can agree on; nothing else of it is passed on. */
export function comparable(method: string, answer: unknown): unknown {
  const keys = keysOf[method];
  if (!keys) return answer;
  const part = picked(answer, keys);
  return method === "eth_getLogs" && Array.isArray(part) ? inOrder(part) : part;
}

type Place = { blockNumber?: string; logIndex?: string };

/** Each event once, the oldest first: a node that joins what it has in memory and on disk may tell some twice, or the newest first. */
function inOrder(logs: Place[]): Place[] {
  const seen = new Set<string>();
  const once = logs.filter((log) => {
    const text = JSON.stringify(log);
    return log?.logIndex === undefined || (!seen.has(text) && seen.add(text));
  });
  const at = (log: Place, key: keyof Place) => Number(log?.[key] ?? 0);
  return once.sort((a, b) => at(a, "blockNumber") - at(b, "blockNumber") || at(a, "logIndex") - at(b, "logIndex"));
}

function picked(value: unknown, keys: string[]): unknown {
  if (Array.isArray(value)) return value.map((one) => picked(one, keys));
  if (typeof value !== "object" || value === null) return value;
  const fields = value as Record<string, unknown>;
  return Object.fromEntries(
    keys.filter((key) => key in fields).map((key) => [key, inner(fields[key], innerKeys[key])]),
  );
}

const inner = (value: unknown, keys: string[] | undefined): unknown =>
  keys && Array.isArray(value) ? picked(value, keys) : value;

/** A revert is the same whichever number a node gives it, and a want of funds in whichever words. */
export function comparableError(error: RpcError): string {
  const { rpcCode, data } = error;
  const reason = typeof data === "string" ? (/0x[0-9a-f]{2,}/i.exec(data)?.[0] ?? "") : "";
  if (isRevert(error)) return `revert ${reason.toLowerCase()}`;
  if (isUnfunded(error)) return "unfunded";
  return `error ${JSON.stringify(data ?? rpcCode)}`;
}
