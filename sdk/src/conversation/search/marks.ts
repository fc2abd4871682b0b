import type { VaultOp } from "../../store/index.ts";
import type { ConversationId } from "../../types/primitives.ts";

/** What the index has yet to look at: written with the change itself, so that no crash comes between them. */
export const marksAt = "search marks";

export interface SearchMark {
  conversationId: ConversationId;
  number: number;
}

/** To be written with every message that is new, changed or removed. */
export const searchMark = (conversationId: ConversationId, number: number): VaultOp => ({
  collection: marksAt,
  key: `${conversationId} ${number}`,
  value: { conversationId, number } satisfies SearchMark,
});
