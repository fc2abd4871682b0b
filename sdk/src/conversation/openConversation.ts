import { agreementActions } from "../agreements/inChat/actions.ts";
import type { Core } from "../client/core.ts";
import { toBase64Url } from "../crypto/bytes.ts";
import { SkrumbleError } from "../errors/index.ts";
import { conversationMoney } from "../money/verbs.ts";
import { packetActions } from "../packets/actions.ts";
import type { Conversation, Message, PageOfMessages } from "../types/client.ts";
import type { ConversationId, MessageId } from "../types/primitives.ts";
import { deleteHere, setStar, starredIn } from "./content/here.ts";
import { replyFor } from "./content/show.ts";
import type { HistoryMessage } from "./content/types.ts";
import { groupActions } from "./group/actions.ts";
import { setTimer } from "./group/setTimer.ts";
import { numberAtTime, type PageBounds } from "./history/page.ts";
import { audioAt } from "./history/places.ts";
import { markRead, sendTyping } from "./receipts.ts";
import { retryContent, sendContent } from "./send/sendContent.ts";
import { eventOf } from "./send/wire.ts";
import { shownMessage, shownMessages, summaryOf, tellConversation } from "./view.ts";

const defaultPage = 50;
const maxPage = 200;

/** @throws SkrumbleError CONVERSATION_UNKNOWN */
export function openConversation(core: Core, id: ConversationId, origin: string): Conversation {
  const thread = () => {
    const found = core.threads.get(id);
    if (!found) throw new SkrumbleError("CONVERSATION_UNKNOWN");
    return found;
  };
  const stored = async (messageId: MessageId): Promise<HistoryMessage> => {
    const found = await core.threads.message(id, messageId);
    if (!found) throw new SkrumbleError("MESSAGE_UNKNOWN");
    return found;
  };
  const shown = async (message: HistoryMessage): Promise<Message> => shownMessage(core, id, message);
  const reply = async (messageId: MessageId | undefined) =>
    messageId === undefined ? {} : { replyTo: replyFor(await stored(messageId)) };
  const { kind } = thread();
  return {
    id,
    summary: () => summaryOf(core, id),
    messages: async (page = {}) =>
      shownMessages(core, id, await core.threads.messages(id, await boundsOf(core, id, page, stored))),
    async sendText(text, { replyTo, mentions, link } = {}) {
      const details = { ...(mentions ? { mentions: [...mentions] } : {}), ...(link ? { link } : {}) };
      return shown(await sendContent(core, id, { kind: "text", text, ...details, ...(await reply(replyTo)) }));
    },
    async sendVoice({ audio, mime, seconds, waveform }, { replyTo } = {}) {
      const sound = { audio: toBase64Url(audio), mime, seconds, waveform: [...waveform] };
      return shown(await sendContent(core, id, { kind: "voice", ...sound, ...(await reply(replyTo)) }));
    },
    audio: (messageId) => core.vault.get<Uint8Array>(audioAt(id), messageId),
    async react(target, emoji) {
      await sendContent(core, id, { kind: "reaction", target, emoji });
    },
    async edit(target, text, { mentions, link } = {}) {
      const details = { ...(mentions ? { mentions: [...mentions] } : {}), ...(link ? { link } : {}) };
      await sendContent(core, id, { kind: "edit", target, text, ...details });
    },
    async deleteForEveryone(target) {
      await sendContent(core, id, { kind: "delete", target });
      await core.search.update(core.signal);
    },
    deleteForMe: (messageId) => deleteHere(core, id, messageId),
    async forward(messageId, to) {
      const event = await eventOf(core.vault, id, await stored(messageId));
      if (event?.content.kind !== "text" && event?.content.kind !== "voice") throw new SkrumbleError("MESSAGE_UNKNOWN");
      // Whom it answered and whom it named is for the conversation it was said in.
      const { replyTo: _, ...content } = event.content;
      if (content.kind === "text") delete content.mentions;
      const sent = await sendContent(core, to, { ...content, forwarded: true });
      return shownMessage(core, to, sent);
    },
    star: (messageId, on) => setStar(core, id, messageId, on),
    starred: async () => shownMessages(core, id, await starredIn(core, id)),
    setTimer: (seconds) => setTimer(core, id, seconds),
    async setFlags(flags) {
      await core.serial.run(id, async () => {
        await core.threads.save({ thread: { ...thread(), flags: { ...thread().flags, ...flags } } });
      });
      tellConversation(core, id);
    },
    retry: (messageId) => retryContent(core, id, messageId),
    markRead: (upTo) => markRead(core, id, upTo),
    typing: () => sendTyping(core, id),
    money: conversationMoney(core, id),
    packets: packetActions(core, id),
    agreements: agreementActions(core, id),
    group: kind === "group" ? groupActions(core, id, origin) : undefined,
  };
}

async function boundsOf(
  core: Core,
  id: ConversationId,
  page: PageOfMessages,
  stored: (id: MessageId) => Promise<HistoryMessage>,
): Promise<PageBounds> {
  const limit = Math.min(Math.max(page.limit ?? defaultPage, 1), maxPage);
  if ("around" in page) return { around: (await stored(page.around)).number, limit };
  if ("after" in page) return { after: (await stored(page.after)).number, limit };
  if ("at" in page) {
    const number = await numberAtTime(core.vault, id, page.at);
    return number === undefined ? { limit } : { around: number, limit };
  }
  return "before" in page && page.before !== undefined
    ? { before: (await stored(page.before)).number, limit }
    : { limit };
}
