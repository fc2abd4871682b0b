import { type Hex, numberToHex } from "viem";
import * as z from "zod";
import { SkrumbleError, throwIfAborted } from "../../errors/index.ts";
import type { Address } from "../../types/primitives.ts";
import type { AnyChain } from "../chain.ts";
import { needed, onePerOperator, quorumRequest } from "../quorum.ts";
import { RpcError } from "../rpc.ts";

/** How many transactions an account has sent. The next has this number as its nonce. */
export interface SentCount {
  /** In blocks, as two operators say. */
  mined: number;
  /** With what waits to be mined, by the word of whichever operator knows most; never less. */
  pending: number;
  /** The same where two operators tell of so much: what one of them makes up is not in it. */
  agreed: number;
}

const quantity = z
  .string()
  .regex(/^0x[0-9a-f]{1,12}$/i)
  .transform((digits) => Number(digits as Hex));
/** Operators asked for what waits: one that tells is enough. */
const asked = 5;

/**
 * One operator that leaves out what waits hides nothing while another one tells of it. Two have to answer, where so many are known.
 * @throws SkrumbleError CHAIN_UNREACHABLE, QUORUM_FAILED, CHAIN_REJECTED, ABORTED
 */
export async function readSent(chain: AnyChain, wallet: Address, signal?: AbortSignal): Promise<SentCount> {
  const operators = onePerOperator(chain.rpc).slice(0, asked);
  const waiting = await Promise.all(
    operators.map((endpoint) =>
      chain.rpc.requestAt(endpoint, "eth_getTransactionCount", [wallet, "pending"], signal).then(
        (answer) => quantity.safeParse(answer).data,
        () => undefined,
      ),
    ),
  );
  throwIfAborted(signal);
  const told = waiting.filter((count) => count !== undefined).sort((a, b) => b - a);
  const second = told[Math.min(operators.length, needed) - 1];
  if (second === undefined) throw new SkrumbleError("CHAIN_UNREACHABLE");
  // Read last: what was waiting is counted as such, or as mined.
  const mined = await countAt(chain, wallet, "latest", signal);
  return { mined, pending: Math.max(mined, ...told), agreed: Math.max(mined, second) };
}

/**
 * How many are mined by the end of a block, or by now. Two operators agree; undefined where nodes have forgotten.
 * @throws as {@link readSent}
 */
export async function readMined(
  chain: AnyChain,
  wallet: Address,
  block: number | "latest",
  signal?: AbortSignal,
): Promise<number | undefined> {
  try {
    return await countAt(chain, wallet, block === "latest" ? block : numberToHex(block), signal);
  } catch (error) {
    if (error instanceof RpcError) return undefined;
    throw error;
  }
}

async function countAt(chain: AnyChain, wallet: Address, block: string, signal?: AbortSignal): Promise<number> {
  const answer = quantity.safeParse(await quorumRequest(chain.rpc, "eth_getTransactionCount", [wallet, block], signal));
  if (!answer.success) throw new SkrumbleError("CHAIN_REJECTED", { details: "Not what a node answers." });
  return answer.data;
}
