import { numberToHex } from "viem";
import type { ErrorCode } from "../../errors/index.ts";
import type { Chain } from "../chain.ts";
import { quorumRequest } from "../quorum.ts";
import { RpcError } from "../rpc.ts";
import { revertName, type submit } from "../submit.ts";

/**
 * Why the chain refuses a call as of a block, two operators agreeing: what `submit` throws may be the word of one. Undefined where it
 * would go through, or for a reason that has no code of its own.
 * @throws SkrumbleError QUORUM_FAILED, CHAIN_UNREACHABLE, ABORTED
 */
export async function readRefusal(
  chain: Chain,
  { to, data, abi, rejections = {} }: Parameters<typeof submit>[1],
  block: bigint,
  signal?: AbortSignal,
): Promise<ErrorCode | undefined> {
  try {
    await quorumRequest(chain.rpc, "eth_call", [{ to, data }, numberToHex(block)], signal);
    return undefined;
  } catch (error) {
    if (!(error instanceof RpcError)) throw error;
    const name = revertName(error, abi);
    return name === undefined ? undefined : rejections[name];
  }
}
