import type { Chain } from "../chain.ts";

/** Number of the latest block. @throws SkrumbleError CHAIN_UNREACHABLE, ABORTED */
export async function readHead(chain: Chain, signal?: AbortSignal): Promise<bigint> {
  return BigInt((await chain.rpc.request("eth_blockNumber", [], signal)) as string);
}
