import { claimPacket } from "../chain/actions/claimPacket.ts";
import { readTicket } from "../chain/actions/readTicket.ts";
import type { Core } from "../client/core.ts";
import { codeOf, type ErrorCode, SkrumbleError } from "../errors/index.ts";
import { isControllerOf } from "../identity/controller.ts";
import type { PacketView } from "../types/packets.ts";
import type { ConversationId, MessageId } from "../types/primitives.ts";
import { wakePackets } from "./follow.ts";
import { lookAtPacket } from "./look.ts";
import { dropAwaited, keepAwaited } from "./records.ts";
import { ownIdentity, verifiedPacket } from "./verified.ts";

/** After these nobody says what became of it: it may be taken yet. */
const unsure: readonly ErrorCode[] = ["CHAIN_STALLED", "CHAIN_UNREACHABLE", "ABORTED"];

/** Claims that failed without anybody being told whether they came through: whoever asks again is. */
const untold = new WeakMap<Core, Set<MessageId>>();
function untoldOf(core: Core): Set<MessageId> {
  const found = untold.get(core) ?? new Set();
  untold.set(core, found);
  return found;
}

/** Takes a share for this person. @throws as `ConversationPackets.claim` */
export async function claimShare(
  core: Core,
  conversationId: ConversationId,
  messageId: MessageId,
): Promise<PacketView> {
  const doubts = untoldOf(core);
  // One at a time: a second tap must not become a second transaction.
  await core.serial.run(`packet ${messageId}`, async () => {
    const { said, packet } = await verifiedPacket(core, conversationId, messageId);
    const own = await ownIdentity(core);
    if (!own) throw new SkrumbleError("PACKET_NOT_ELIGIBLE");
    const { controller } = core.self;
    if (!isControllerOf(own, controller)) throw new SkrumbleError("PACKET_NEEDS_OTHER_DEVICE");
    const packetId = BigInt(said.packetId);
    const { signal } = core;
    if (await readTicket(core.chain, { packetId, identityId: own.id }, { quorum: true, signal })) {
      if (doubts.has(messageId)) return;
      throw new SkrumbleError("PACKET_ALREADY_CLAIMED");
    }
    if (packet.issued === packet.shares) throw new SkrumbleError("PACKET_EMPTY");
    // Before it is sent: whoever is closed in the middle waits for what came of it afterwards.
    const { block } = said;
    await keepAwaited(core.vault, { conversationId, messageId, packetId: said.packetId, block });
    const share = { packetId, identityId: own.id, recipient: own.owner, key: said.key, controller };
    await claimPacket(core.chain, share, { signal }).catch(async (error) => {
      doubts.add(messageId);
      if (core.signal.aborted || unsure.includes(codeOf(error))) throw error;
      // What was refused may have been sent a second time: the chain says whether the first came through.
      if (await readTicket(core.chain, { packetId, identityId: own.id }, { quorum: true, signal })) return;
      doubts.delete(messageId);
      await dropAwaited(core.vault, messageId);
      throw error;
    });
  });
  wakePackets(core);
  try {
    const view = await lookAtPacket(core, conversationId, messageId);
    doubts.delete(messageId);
    return view;
  } catch (error) {
    doubts.add(messageId);
    throw error;
  }
}
