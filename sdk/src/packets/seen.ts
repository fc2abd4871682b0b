import type { Core } from "../client/core.ts";
import { keepSeen, type PacketSeen } from "../conversation/content/packetIndex.ts";
import type { PacketView } from "../types/packets.ts";
import type { ConversationId, MessageId } from "../types/primitives.ts";

/** What was written last, so that looking again and again writes nothing. */
const written = new WeakMap<Core, Map<MessageId, string>>();
const most = 1000;

/** Keeps what the chain showed of a packet, for the history. */
export async function rememberSeen(core: Core, conversationId: ConversationId, view: PacketView): Promise<void> {
  const { messageId, state, total, left, taken, returned, mine, kept, done } = view;
  const seen: Omit<PacketSeen, "at"> = {
    ...{ conversationId, id: messageId, state, total: String(total), left: String(left), taken, done },
    ...(returned === undefined ? {} : { returned: String(returned) }),
    ...(mine ? { mine: mine.amount === undefined ? {} : { amount: String(mine.amount) } } : {}),
    ...(kept === undefined ? {} : { kept: String(kept) }),
  };
  const known = written.get(core) ?? new Map<MessageId, string>();
  written.set(core, known);
  const text = JSON.stringify(seen);
  if (known.get(messageId) === text) return;
  await keepSeen(core.vault, { ...seen, at: core.now() });
  if (known.size >= most) known.clear();
  known.set(messageId, text);
}
