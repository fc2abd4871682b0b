import type { Core } from "../client/core.ts";
import type { ConversationPackets } from "../types/packets.ts";
import type { ConversationId } from "../types/primitives.ts";
import { claimShare } from "./claim.ts";
import { createPacketMessage } from "./create.ts";
import { lookAtPacket } from "./look.ts";
import { refundRest } from "./refund.ts";
import { watchPacket } from "./watch.ts";
import { withdrawShare } from "./withdraw.ts";

export const packetActions = (core: Core, id: ConversationId): ConversationPackets => ({
  create: (input, wallet) => createPacketMessage(core, id, input, wallet),
  claim: (messageId) => claimShare(core, id, messageId),
  look: (messageId) => lookAtPacket(core, id, messageId),
  watch: (messageId, listener, failed) => watchPacket(core, id, messageId, listener, failed),
  refund: (messageId) => refundRest(core, id, messageId),
  withdraw: (messageId, wallet, to) => withdrawShare(core, id, messageId, { wallet, to }),
});
