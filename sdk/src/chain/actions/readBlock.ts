import { numberToHex } from "viem";
import * as z from "zod";
import { SkrumbleError, throwIfAborted } from "../../errors/index.ts";
import type { AnyChain } from "../chain.ts";
import { quorumRequest } from "../quorum.ts";
import { quantity, readHeads } from "./readHeads.ts";

export interface BlockHead {
  number: bigint;
  /** Unix seconds. */
  timestamp: number;
}

const schema = z.object({ number: quantity, timestamp: quantity });

/**
 * Number and time of a block, the latest unless given. One relay's word.
 * @throws SkrumbleError CHAIN_REJECTED (no such block there), CHAIN_UNREACHABLE, ABORTED
 */
export async function readBlock(chain: AnyChain, number?: bigint, signal?: AbortSignal): Promise<BlockHead> {
  const at = number === undefined ? "latest" : numberToHex(number);
  return parsed(await chain.rpc.request("eth_getBlockByNumber", [at, false], signal));
}

/**
 * The same of a block that two operators know alike: for whatever somebody pays or loses by.
 * @throws SkrumbleError CHAIN_REJECTED (no such block), QUORUM_FAILED, CHAIN_UNREACHABLE, ABORTED
 */
export async function readAgreedBlock(chain: AnyChain, number: bigint, signal?: AbortSignal): Promise<BlockHead> {
  return parsed(await quorumRequest(chain.rpc, "eth_getBlockByNumber", [numberToHex(number), false], signal));
}

/**
 * The newest block that two operators know: for whatever is not there when it is in no block up to this one. With one relay's word
 * for the newest, it could hide whatever is in those after it.
 * @throws SkrumbleError CHAIN_UNREACHABLE, QUORUM_FAILED, ABORTED
 */
export async function readAgreedHead(chain: AnyChain, signal?: AbortSignal): Promise<BlockHead> {
  const said = await readHeads(chain, signal);
  throwIfAborted(signal);
  const heads = [...new Set(said)].sort((a, b) => (a < b ? 1 : -1));
  let last: unknown;
  for (const number of heads) {
    try {
      return await readAgreedBlock(chain, number, signal);
    } catch (error) {
      throwIfAborted(signal);
      last = error;
    }
  }
  if (last instanceof SkrumbleError && last.code === "QUORUM_FAILED") throw last;
  throw new SkrumbleError("CHAIN_UNREACHABLE", { cause: last });
}

/** Number of a block as a node tells it; undefined when it tells of none. */
export const numberOf = (block: unknown): bigint | undefined => schema.safeParse(block).data?.number;

function parsed(block: unknown): BlockHead {
  const result = schema.safeParse(block);
  if (!result.success) throw new SkrumbleError("CHAIN_REJECTED", { details: "No such block." });
  return { number: result.data.number, timestamp: Number(result.data.timestamp) };
}
