import { fromBase64Url } from "../../crypto/bytes.ts";
import type { Vault, VaultOp } from "../../store/index.ts";
import type { ConversationId } from "../../types/primitives.ts";
import { readMessage } from "../history/page.ts";
import { audioAt, messagesAt, numbersAt, starsAt } from "../history/places.ts";
import { searchMark } from "../search/marks.ts";
import { agreementOps } from "./agreementIndex.ts";
import { type ContentChanges, type HistorySlice, idsTouched } from "./apply.ts";
import { expiryOps, forgetOps } from "./expire.ts";
import { packetOps, packetsSeenAt } from "./packetIndex.ts";
import { paymentOps } from "./paymentIndex.ts";
import type { ContentEvent, HistoryMessage, WaitingEvent } from "./types.ts";
import { waitingAt, waitingOps } from "./waiting.ts";

/** Between the reducer and the vault. Both inside the conversation's lane. */

/** Reads what an event can touch. */
export async function readSlice(
  vault: Pick<Vault, "get" | "getMany" | "range">,
  id: ConversationId,
  event: ContentEvent,
  thread: { next: number },
): Promise<HistorySlice> {
  const messages = new Map<string, HistoryMessage | "gone">();
  for (const messageId of idsTouched(event)) {
    const found = await readMessage(vault, id, messageId);
    if (found) messages.set(messageId, found);
  }
  const waiting = (await vault.range<WaitingEvent>(waitingAt(id))).map(({ value }) => value);
  waiting.sort((a, b) => a.since - b.since);
  return { messages, waiting, next: thread.next };
}

/** Everything to be written at once for what the reducer decided. */
export function contentOps(id: ConversationId, before: HistorySlice, changes: ContentChanges): VaultOp[] {
  const { added, audio, replaced } = changes;
  return [
    ...(replaced ? forgetOps(id, replaced) : []),
    ...changes.messages.flatMap((message) => [
      ...historyOps(id, message),
      ...(message.body.type === "deleted"
        ? [
            { collection: audioAt(id), key: message.id, delete: true } as const,
            { collection: starsAt(id), key: message.number, delete: true } as const,
          ]
        : []),
    ]),
    ...(added && audio ? [{ collection: audioAt(id), key: added.id, value: fromBase64Url(audio) }] : []),
    ...(changes.waiting ? waitingOps(id, before.waiting, changes.waiting) : []),
  ];
}

/** A message with all that points to it. */
export function historyOps(id: ConversationId, message: HistoryMessage): VaultOp[] {
  return [
    { collection: messagesAt(id), key: message.number, value: message },
    { collection: numbersAt(id), key: message.id, value: message.number },
    ...expiryOps(id, message),
    ...(message.starred ? [{ collection: starsAt(id), key: message.number, value: message.id }] : []),
    ...paymentOps(id, message),
    ...packetOps(id, message),
    ...agreementOps(id, message),
    searchMark(id, message.number),
  ];
}

/** Messages under other numbers. Their sound, and what was seen of packets, lies under their id and stays. */
export const moveOps = (id: ConversationId, moved: readonly { message: HistoryMessage; to: number }[]): VaultOp[] => [
  ...moved.flatMap(({ message }) =>
    forgetOps(id, message).filter(({ collection }) => collection !== audioAt(id) && collection !== packetsSeenAt),
  ),
  ...moved.flatMap(({ message, to }) => historyOps(id, { ...message, number: to })),
];
