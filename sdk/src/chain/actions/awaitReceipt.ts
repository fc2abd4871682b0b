import * as z from "zod";
import { SkrumbleError, throwIfAborted } from "../../errors/index.ts";
import type { Hex } from "../../types/primitives.ts";
import type { Chain } from "../chain.ts";
import { quorumRequest } from "../quorum.ts";

const schema = z.object({ status: z.string() }).nullable();
const pollEvery = 300;

/** Whether a transaction went through; undefined while it is in no block. Two operators agree. @throws what quorumRequest throws */
export async function readSuccess(chain: Chain, hash: Hex, signal?: AbortSignal): Promise<boolean | undefined> {
  const found = schema.safeParse(await quorumRequest(chain.rpc, "eth_getTransactionReceipt", [hash], signal));
  if (!found.success) throw new SkrumbleError("CHAIN_REJECTED", { details: "Not what a node answers." });
  return found.data ? found.data.status === "0x1" : undefined;
}

/**
 * Waits until a transaction that a wallet sent is in a block.
 * @throws SkrumbleError CHAIN_STALLED (it is in none for two minutes), CHAIN_REJECTED (it failed), ABORTED
 */
export async function awaitReceipt(chain: Chain, hash: Hex, signal?: AbortSignal): Promise<void> {
  let last: unknown;
  for (const end = Date.now() + 120_000; Date.now() < end; ) {
    throwIfAborted(signal);
    try {
      const went = await readSuccess(chain, hash, signal);
      if (went) return;
      if (went === false) throw new SkrumbleError("CHAIN_REJECTED", { details: "The transaction failed." });
    } catch (error) {
      if (!(error instanceof SkrumbleError) || !["CHAIN_UNREACHABLE", "QUORUM_FAILED"].includes(error.code))
        throw error;
      last = error;
    }
    await new Promise((resolve) => setTimeout(resolve, pollEvery));
  }
  throw new SkrumbleError("CHAIN_STALLED", { cause: last });
}
