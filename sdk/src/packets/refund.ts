import { refundPacket } from "../chain/actions/refundPacket.ts";
import type { Core } from "../client/core.ts";
import { SkrumbleError } from "../errors/index.ts";
import type { PacketView } from "../types/packets.ts";
import type { ConversationId, MessageId } from "../types/primitives.ts";
import { lookAtPacket } from "./look.ts";
import { verifiedPacket } from "./verified.ts";

/** Sends what nobody took back to the wallet that paid. @throws as `ConversationPackets.refund` */
export async function refundRest(
  core: Core,
  conversationId: ConversationId,
  messageId: MessageId,
): Promise<PacketView> {
  const { said, packet } = await verifiedPacket(core, conversationId, messageId);
  const { creator } = packet;
  try {
    await refundPacket(core.chain, { packetId: BigInt(said.packetId), creator }, { signal: core.signal });
  } catch (error) {
    if (!(error instanceof SkrumbleError) || error.code !== "PACKET_NOTHING_LEFT") throw error;
    // What does so by itself (refundStep), or anybody else, may have been quicker.
    const view = await lookAtPacket(core, conversationId, messageId);
    if (view.returned === undefined || view.returned === 0n) throw error;
    return view;
  }
  return lookAtPacket(core, conversationId, messageId);
}
