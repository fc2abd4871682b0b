import { z } from "zod";

/** What a relay passes on to its chain node. Everything else is refused, most of all what controls a node. */
const METHODS: Record<string, { params: number; cost: number }> = {
  eth_chainId: { params: 0, cost: 1 },
  eth_blockNumber: { params: 0, cost: 1 },
  eth_gasPrice: { params: 0, cost: 1 },
  eth_call: { params: 2, cost: 1 },
  eth_estimateGas: { params: 2, cost: 2 },
  eth_getBalance: { params: 2, cost: 1 },
  eth_getBlockByHash: { params: 2, cost: 1 },
  eth_getBlockByNumber: { params: 2, cost: 1 },
  eth_getCode: { params: 2, cost: 1 },
  eth_getLogs: { params: 1, cost: 5 },
  eth_getProof: { params: 3, cost: 5 },
  eth_getTransactionByHash: { params: 1, cost: 1 },
  eth_getTransactionCount: { params: 2, cost: 1 },
  eth_getTransactionReceipt: { params: 1, cost: 1 },
  eth_sendRawTransaction: { params: 1, cost: 5 },
};

export const MAX_BATCH = 20;
export const MAX_BODY_BYTES = 128 * 1024;
/** Blocks one eth_getLogs may span. */
export const MAX_LOG_BLOCKS = 10_000;
/** eth_getLogs in one batch: each may make the node read 10,000 blocks. */
export const MAX_LOGS_PER_BATCH = 5;
/** Storage slots one eth_getProof may ask for: a node walks a trie for each. */
export const MAX_PROOF_SLOTS = 16;
/** eth_getProof in one batch. */
export const MAX_PROOFS_PER_BATCH = 5;
/** Blocks an eth_getProof may go back: a node that does not keep every state makes an older one anew, block by block. */
export const MAX_PROOF_AGE = 512;
/** Gas a simulated call may ask for: above what any transaction may use (EIP-7825), far below what would keep a node busy. */
export const MAX_CALL_GAS = 30_000_000;

const request = z.object({
  jsonrpc: z.literal("2.0"),
  id: z.union([z.string().max(64), z.number(), z.null()]).optional(),
  method: z.string().max(64),
  params: z.array(z.unknown()).max(4).optional(),
});
const payload = z.union([request, z.array(request).min(1).max(MAX_BATCH)]);

export type RpcRequest = z.infer<typeof request>;
export type RpcRefusal = { code: number; message: string };

/** The requests of a body, or undefined when it is no JSON-RPC 2.0 of at most 20 requests. */
export function parseRpc(body: string): { requests: RpcRequest[]; isBatch: boolean } | undefined {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return undefined;
  }
  const parsed = payload.safeParse(json);
  if (!parsed.success) return undefined;
  return Array.isArray(parsed.data)
    ? { requests: parsed.data, isBatch: true }
    : { requests: [parsed.data], isBatch: false };
}

/** Tokens a request costs; a refused one costs too. */
export function rpcCost(rpc: RpcRequest): number {
  return METHODS[rpc.method]?.cost ?? 1;
}

/** The same request with its gas cut to what a relay lets its node simulate. */
export function boundGas(rpc: RpcRequest): RpcRequest {
  if (rpc.method !== "eth_call" && rpc.method !== "eth_estimateGas") return rpc;
  const [call, ...rest] = rpc.params ?? [];
  if (typeof call !== "object" || call === null) return rpc;
  // Some nodes take the second name too.
  const bounded = Object.entries(call).map(([name, value]) =>
    (name === "gas" || name === "gasLimit") && !(Number(value ?? Number.NaN) <= MAX_CALL_GAS)
      ? [name, `0x${MAX_CALL_GAS.toString(16)}`]
      : [name, value],
  );
  return { ...rpc, params: [Object.fromEntries(bounded), ...rest] };
}

/** Why each request of a batch is not passed on, or undefined where it is. `head` is the chain's newest block, 0 while unknown. */
export function refuseBatch(requests: readonly RpcRequest[], head: number): (RpcRefusal | undefined)[] {
  const counts = new Map<string, number>();
  return requests.map((rpc) => {
    const count = (counts.get(rpc.method) ?? 0) + 1;
    counts.set(rpc.method, count);
    const most = perBatch.get(rpc.method);
    if (most !== undefined && count > most)
      return { code: -32005, message: `At most ${most} ${rpc.method} in a batch` };
    return refuseRpc(rpc, head);
  });
}

const perBatch = new Map([
  ["eth_getLogs", MAX_LOGS_PER_BATCH],
  ["eth_getProof", MAX_PROOFS_PER_BATCH],
]);

/** Why a request is not passed on, or undefined when it is. `head` is the chain's newest block, 0 while unknown. */
export function refuseRpc(rpc: RpcRequest, head: number): RpcRefusal | undefined {
  const rule = Object.hasOwn(METHODS, rpc.method) ? METHODS[rpc.method] : undefined;
  if (!rule) return { code: -32601, message: "Method not served by this relay" };
  if ((rpc.params?.length ?? 0) > rule.params) return { code: -32602, message: "Too many parameters" };
  if (rpc.method === "eth_getLogs") return refuseLogs(rpc.params?.[0], head);
  if (rpc.method === "eth_getProof") return refuseProof(rpc.params ?? [], head);
  return undefined;
}

const proofAccount = z.string().regex(/^0x[0-9a-fA-F]{40}$/);
const proofSlots = z.array(z.string().regex(/^0x[0-9a-fA-F]{1,64}$/)).max(MAX_PROOF_SLOTS);
const proofBlock = z.union([z.string().regex(/^0x[0-9a-fA-F]{1,15}$/), z.enum(["latest", "safe", "finalized"])]);

/** One account, a few of its slots, and a block by its number or as one of the newest. */
function refuseProof([account, slots, block]: readonly unknown[], head: number): RpcRefusal | undefined {
  if (!proofAccount.safeParse(account).success) return { code: -32602, message: "Not an address" };
  if (!proofSlots.safeParse(slots).success)
    return { code: -32602, message: `At most ${MAX_PROOF_SLOTS} slots of 32 bytes at a time` };
  const parsed = proofBlock.safeParse(block);
  if (!parsed.success) return { code: -32602, message: "Not a block's number" };
  // Nothing is too old while the head is not known, 0.
  return head - Number(parsed.data) > MAX_PROOF_AGE
    ? { code: -32005, message: `Proofs of the last ${MAX_PROOF_AGE} blocks only` }
    : undefined;
}

const blockRef = z.union([
  z.string().regex(/^0x[0-9a-fA-F]{1,15}$/),
  z.enum(["latest", "earliest", "pending", "safe", "finalized"]),
]);
const logFilter = z.object({
  fromBlock: blockRef.optional(),
  toBlock: blockRef.optional(),
  blockHash: z.string().max(66).optional(),
});

function refuseLogs(filter: unknown, head: number): RpcRefusal | undefined {
  const parsed = logFilter.safeParse(filter);
  if (!parsed.success) return { code: -32602, message: "Invalid filter" };
  if (parsed.data.blockHash !== undefined) return undefined;
  // Without the head nobody can say how many blocks that is.
  if (head === 0) return { code: -32005, message: "The chain's newest block is not known yet" };
  const number = (ref: string | undefined) =>
    ref === undefined || ref === "latest" || ref === "pending" || ref === "safe" || ref === "finalized"
      ? head
      : ref === "earliest"
        ? 0
        : Number(ref);
  const span = number(parsed.data.toBlock) - number(parsed.data.fromBlock);
  if (span >= MAX_LOG_BLOCKS) return { code: -32005, message: `At most ${MAX_LOG_BLOCKS} blocks at a time` };
  return undefined;
}
