import { type Hex, numberToHex } from "viem";
import type { Chain } from "../chain.ts";

/** Number and time (Unix seconds) of a block, the latest unless given. @throws SkrumbleError CHAIN_UNREACHABLE, ABORTED */
export async function readBlock(
  chain: Chain,
  number?: bigint,
  signal?: AbortSignal,
): Promise<{ number: bigint; timestamp: number }> {
  const at = number === undefined ? "latest" : numberToHex(number);
  const block = (await chain.rpc.request("eth_getBlockByNumber", [at, false], signal)) as Record<string, Hex>;
  return { number: BigInt(block.number ?? 0), timestamp: Number(block.timestamp) };
}
