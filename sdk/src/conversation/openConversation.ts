import type { Core } from "../client/core.ts";
import { SkrumbleError } from "../errors/index.ts";
import type { Conversation } from "../types/client.ts";
import type { ConversationId } from "../types/primitives.ts";
import { markRead, sendTyping } from "./receipts.ts";
import { retryText, sendText } from "./sendText.ts";
import { messageOf, summaryOf } from "./view.ts";

const defaultPage = 50;
const maxPage = 200;

/** @throws SkrumbleError CONVERSATION_UNKNOWN */
export function openConversation(core: Core, id: ConversationId): Conversation {
  const thread = () => {
    const found = core.threads.get(id);
    if (!found) throw new SkrumbleError("CONVERSATION_UNKNOWN");
    return found;
  };
  thread();
  return {
    id,
    summary: () => summaryOf(core, id),
    async messages(page = {}) {
      const limit = Math.min(Math.max(page.limit ?? defaultPage, 1), maxPage);
      const before = page.before === undefined ? undefined : await core.threads.message(id, page.before);
      if (page.before !== undefined && !before) throw new SkrumbleError("MESSAGE_UNKNOWN");
      const found = await core.threads.messages(id, { limit, ...(before ? { before: before.number } : {}) });
      return found.map((stored) => messageOf(core, thread(), stored));
    },
    sendText: (text) => sendText(core, id, text),
    retry: (messageId) => retryText(core, id, messageId),
    markRead: (upTo) => markRead(core, id, upTo),
    typing: () => sendTyping(core, id),
  };
}
