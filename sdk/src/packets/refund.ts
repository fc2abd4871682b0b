import { refundPacket } from "../chain/actions/refundPacket.ts";
import type { Core } from "../client/core.ts";
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
  await refundPacket(core.chain, { packetId: BigInt(said.packetId), creator }, { signal: core.signal });
  return lookAtPacket(core, conversationId, messageId);
}
