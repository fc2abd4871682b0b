import { type Hex, numberToHex } from "viem";
import * as z from "zod";
import { SkrumbleError } from "../../errors/index.ts";
import type { Chain } from "../chain.ts";
import { quorumRequest } from "../quorum.ts";

export interface BlockHead {
  number: bigint;
  /** Unix seconds. */
  timestamp: number;
}

const quantity = z
  .string()
  .regex(/^0x[0-9a-f]{1,12}$/i)
  .transform((digits) => BigInt(digits as Hex));
const schema = z.object({ number: quantity, timestamp: quantity });

/**
 * Number and time of a block, the latest unless given. One relay's word.
 * @throws SkrumbleError CHAIN_REJECTED (no such block there), CHAIN_UNREACHABLE, ABORTED
 */
export async function readBlock(chain: Chain, number?: bigint, signal?: AbortSignal): Promise<BlockHead> {
  const at = number === undefined ? "latest" : numberToHex(number);
  return parsed(await chain.rpc.request("eth_getBlockByNumber", [at, false], signal));
}

/**
 * The same of a block that two operators know alike: for whatever somebody pays or loses by.
 * @throws SkrumbleError CHAIN_REJECTED (no such block), QUORUM_FAILED, CHAIN_UNREACHABLE, ABORTED
 */
export async function readAgreedBlock(chain: Chain, number: bigint, signal?: AbortSignal): Promise<BlockHead> {
  return parsed(await quorumRequest(chain.rpc, "eth_getBlockByNumber", [numberToHex(number), false], signal));
}

function parsed(block: unknown): BlockHead {
  const result = schema.safeParse(block);
  if (!result.success) throw new SkrumbleError("CHAIN_REJECTED", { details: "No such block." });
  return { number: result.data.number, timestamp: Number(result.data.timestamp) };
}
