import type { ConversationId } from "../../types/primitives.ts";

/** Where the vault keeps a conversation's history. */

/** By number: {@link HistoryMessage}. */
export const messagesAt = (id: ConversationId): string => `messages ${id}`;
/** By message id: its number. Stays when a message is deleted here, so that the same message does not come back. */
export const numbersAt = (id: ConversationId): string => `message numbers ${id}`;
/** By message id: the bytes of a voice message. */
export const audioAt = (id: ConversationId): string => `audio ${id}`;
/** By time and number: what disappears, see expire.ts. */
export const expiringAt = (id: ConversationId): string => `expiring ${id}`;
/** By number: the id of a message marked with a star. */
export const starsAt = (id: ConversationId): string => `starred ${id}`;
/** By conversation id: those that have something in `expiringAt`. */
export const expiringConversationsAt = "expiring conversations";
/** By conversation id: anything with an `id`; the list of all conversations. */
export const threadsAt = "thread";
