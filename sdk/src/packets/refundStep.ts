import { refundPacket } from "../chain/actions/refundPacket.ts";
import type { Core } from "../client/core.ts";
import { codeOf, type ErrorCode } from "../errors/index.ts";
import { keepMade, type MadePacket } from "./records.ts";

/** After so many refusals it is left to the person. */
export const mostRefundTries = 6;
/** Before the second try; four times as long before each one after that, so the last one comes about three hours after the first. */
const firstPause = 30_000;

/** A token that refuses today may do so for ever; everything else passes. */
const refusals: readonly ErrorCode[] = ["PAYMENT_REFUSED", "PACKET_NOTHING_LEFT", "CHAIN_REJECTED"];

/**
 * One try to have the rest of an expired packet sent back to its creator. What would be refused is not sent, is tried again ever less
 * often, and in the end no more: see `PacketView.refundStopped`. @throws what {@link refundPacket} throws, where it says nothing for later
 */
export async function refundStep(
  core: Core,
  made: MadePacket,
  packetId: bigint,
): Promise<"soon" | "later" | "rarely" | "stopped"> {
  const { failed, next } = made.refund ?? { failed: 0, next: 0 };
  if (failed >= mostRefundTries) return "stopped";
  if (core.now() < next) return next - core.now() > firstPause ? "rarely" : "later";
  try {
    await refundPacket(core.chain, { packetId, creator: made.creator }, { signal: core.signal });
    return "soon";
  } catch (error) {
    const code = codeOf(error);
    if (core.signal.aborted || !refusals.includes(code)) throw error;
    made.refund = { failed: failed + 1, code, next: core.now() + firstPause * 4 ** failed };
    await keepMade(core.vault, made);
    return made.refund.failed >= mostRefundTries ? "stopped" : "later";
  }
}
