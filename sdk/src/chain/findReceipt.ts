import type { Hex } from "viem";
import type { Chain } from "./chain.ts";
import { onePerOperator, quorumRequest } from "./quorum.ts";
import { RpcError } from "./rpc.ts";
import type { RpcEndpoint } from "./types.ts";

interface Receipt {
  status: string;
  blockNumber: Hex;
}

const method = "eth_getTransactionReceipt";
/** Nobody waits longer for a relay that hangs, when the first one has said that it knows of none. */
const otherPatience = 1000;

/**
 * The receipt, as whoever is asked first or another relay knows it: one may hang, or have stopped to follow the chain. That it failed
 * two operators say: whoever is told does it again, or gives up what was done. That it went through they say too, where so many are
 * known, when it comes from a relay of chance.
 * @throws RpcError when two operators agree on an error; SkrumbleError CHAIN_UNREACHABLE, QUORUM_FAILED, ABORTED
 */
export async function findReceipt(
  chain: Chain,
  hash: Hex,
  other: RpcEndpoint | undefined,
  signal: AbortSignal | undefined,
): Promise<Receipt | null> {
  const { rpc } = chain;
  const second = other ? inTime(rpc.requestAt(other, method, [hash], signal)) : Promise.resolve(null);
  const first = rpc.request(method, [hash], signal).catch(async (error) => {
    // A node that refuses to say knows nothing of it.
    if (error instanceof RpcError || (await second)) return null;
    throw error;
  });
  const said = await Promise.race([
    first.then(async (receipt) => (receipt ? { receipt, isFirst: true } : { receipt: await second, isFirst: false })),
    second.then(async (receipt) => (receipt ? { receipt, isFirst: false } : { receipt: await first, isFirst: true })),
  ]);
  const receipt = said.receipt as Receipt | null;
  if (!receipt) return null;
  const isEnough = receipt.status === "0x1" && (said.isFirst || onePerOperator(rpc).length <= 2);
  return isEnough ? receipt : ((await quorumRequest(rpc, method, [hash], signal)) as Receipt | null);
}

/** Null when it fails, or takes long. */
async function inTime(answer: Promise<unknown>): Promise<unknown> {
  const { promise: enough, resolve } = Promise.withResolvers<null>();
  const timer = setTimeout(() => resolve(null), otherPatience);
  return Promise.race([answer.catch(() => null), enough]).finally(() => clearTimeout(timer));
}
