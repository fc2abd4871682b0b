import { refuseToForget } from "../../agreements/inChat/forget.ts";
import type { Core } from "../../client/core.ts";
import { SkrumbleError } from "../../errors/index.ts";
import type { ConversationId, MessageId } from "../../types/primitives.ts";
import { starsAt } from "../history/places.ts";
import { tellConversation, tellMessages } from "../view.ts";
import { forgetOps } from "./expire.ts";
import type { HistoryMessage } from "./types.ts";

/** What one does with messages on this device alone. */

/** Takes a message from this device. It does not come back when it is sent again. @throws SkrumbleError MESSAGE_UNKNOWN, AGREEMENT_KEPT */
export async function deleteHere(core: Core, id: ConversationId, messageId: MessageId): Promise<void> {
  const shown = await core.threads.message(id, messageId);
  if (shown) await refuseToForget(core, id, shown);
  await core.serial.run(id, async () => {
    const message = await core.threads.message(id, messageId);
    if (!message) throw new SkrumbleError("MESSAGE_UNKNOWN");
    await core.vault.write(forgetOps(id, message));
  });
  core.events.emit("removed", { conversationId: id, id: messageId });
  tellConversation(core, id);
  await core.search.update(core.signal);
}

/** @throws SkrumbleError MESSAGE_UNKNOWN */
export async function setStar(core: Core, id: ConversationId, messageId: MessageId, on: boolean): Promise<void> {
  const changed = await core.serial.run(id, async () => {
    const thread = core.threads.get(id);
    const message = await core.threads.message(id, messageId);
    if (!thread || !message) throw new SkrumbleError("MESSAGE_UNKNOWN");
    const { starred: _, ...rest } = message;
    const next: HistoryMessage = on ? { ...rest, starred: true } : rest;
    const place = { collection: starsAt(id), key: message.number };
    const star = on ? { ...place, value: messageId } : { ...place, delete: true as const };
    await core.threads.save({ thread, messages: [next], also: [star] });
    return next;
  });
  await tellMessages(core, id, [changed]);
}

/** Newest last. */
export async function starredIn(core: Core, id: ConversationId): Promise<HistoryMessage[]> {
  const rows = await core.vault.range<MessageId>(starsAt(id));
  const found = await Promise.all(rows.map(({ value }) => core.threads.message(id, value)));
  return found.filter((message) => message !== undefined);
}
