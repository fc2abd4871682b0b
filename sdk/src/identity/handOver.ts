import { keccak256 } from "viem";
import { isAfterSilence, isKnown, isTurnedDown, type Rpc, RpcError } from "../chain/rpc.ts";
import { SkrumbleError } from "../errors/index.ts";
import type { Hex } from "../types/primitives.ts";
import type { Nonce } from "./nonces.ts";

/** In milliseconds: a node that restarts is back by then. Nobody begins anew after that; who is being asked is asked to the end. */
const [askAgainFor, askAgainEvery] = [30_000, 500];
/** Times that a node may say what decides nothing. */
const mostDoubts = 4;

/**
 * What became of it. `refused`: no node has it, and each that was asked either said no or never got it. `unsure`: one that was asked
 * gave no answer, or one that says neither, and none says that it has it.
 */
export type HandedOver = { is: "taken" } | { is: "refused" | "unsure"; error: unknown };

/**
 * Gives a node the same bytes again, as long as none answers. Never rejects. A device may sleep at any moment: whether it is late is asked
 * right before each node gets them.
 * @param isAgain these very bytes may have been sent before, and count as sent where a node has them
 * @param isLate the time is over in which they may be sent at all
 * @param clock milliseconds that only ever grow, whatever the device's clock is set to
 * @param signal gives up as long as nothing is in doubt
 */
export async function handOver(
  rpc: Rpc,
  raw: Hex,
  {
    isAgain,
    isLate,
    clock,
    signal,
  }: Pick<Nonce, "isLate" | "clock"> & { isAgain: boolean; signal?: AbortSignal | undefined },
): Promise<HandedOver> {
  const begun = clock();
  const isPast = () => isLate() || clock() - begun > askAgainFor;
  let doubts = 0;
  for (let wasSilent = false; ; ) {
    try {
      await rpc.request("eth_sendRawTransaction", [raw], undefined, isLate);
      return { is: "taken" };
    } catch (error) {
      const isDoubtful = error instanceof RpcError && !isTurnedDown(error);
      if (isDoubtful) doubts++;
      wasSilent ||= isAfterSilence(error) || isDoubtful;
      // A node took it, and its answer was lost. Else it is an earlier transfer that is the same in every byte, and this one was not sent.
      if (isKnown(error) && (wasSilent || isAgain)) return { is: "taken" };
      if (wasSilent && (await isMined(rpc, keccak256(raw)))) return { is: "taken" };
      const isAnswered = error instanceof RpcError && (!isDoubtful || doubts >= mostDoubts);
      const isOver = isAnswered || isPast();
      if (isOver) return { is: wasSilent ? "unsure" : "refused", error };
      if (!wasSilent && signal?.aborted)
        return { is: "refused", error: new SkrumbleError("ABORTED", { cause: signal.reason }) };
      await new Promise((resolve) => setTimeout(resolve, askAgainEvery));
    }
  }
}

const isMined = (rpc: Rpc, hash: Hex): Promise<boolean> =>
  rpc.request("eth_getTransactionReceipt", [hash]).then(
    (receipt) => receipt !== null,
    () => false,
  );
