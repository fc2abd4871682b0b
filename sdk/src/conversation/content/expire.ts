import type { Vault, VaultOp } from "../../store/index.ts";
import type { ConversationId, MessageId, Millis } from "../../types/primitives.ts";
import { audioAt, expiringAt, expiringConversationsAt, messagesAt, starsAt } from "../history/places.ts";
import { searchMark } from "../search/marks.ts";
import { forgetAgreement } from "./agreementIndex.ts";
import { forgetPacket } from "./packetIndex.ts";
import { forgetPayment } from "./paymentIndex.ts";
import type { HistoryMessage } from "./types.ts";

/** Disappearing messages: every device counts from when the message was read or sent on it. */

/** Messages that go in one step of a sweep. */
const sweepLimit = 500;
/** Numbers repeat after so many; within one second and one conversation none does. */
const numberSpan = 2 ** 20;

const keyOf = (expiresAt: Millis, number: number): number =>
  Math.ceil(expiresAt / 1000) * numberSpan + (number % numberSpan);

/** Starts a message's time; changes nothing when it has none or it runs already. */
export function expiryOf(message: HistoryMessage, from: Millis): HistoryMessage {
  if (!message.timer || message.expiresAt !== undefined) return message;
  return { ...message, expiresAt: from + message.timer * 1000 };
}

/** Those of the messages just read whose time begins now. */
export const startTimers = (read: readonly HistoryMessage[], now: Millis): HistoryMessage[] =>
  read.filter(({ timer, expiresAt }) => timer && expiresAt === undefined).map((message) => expiryOf(message, now));

/** To be written together with a message whose time has begun. */
export function expiryOps(id: ConversationId, { id: message, number, expiresAt }: HistoryMessage): VaultOp[] {
  if (expiresAt === undefined) return [];
  return [
    { collection: expiringAt(id), key: keyOf(expiresAt, number), value: { id: message, number, expiresAt } },
    { collection: expiringConversationsAt, key: id, value: id },
  ];
}

/** Removes a message from this device. Its number stays known, so that it does not come back. */
export function forgetOps(
  id: ConversationId,
  { id: message, number, expiresAt }: Pick<HistoryMessage, "id" | "number" | "expiresAt">,
): VaultOp[] {
  return [
    { collection: messagesAt(id), key: number, delete: true },
    { collection: audioAt(id), key: message, delete: true },
    { collection: starsAt(id), key: number, delete: true },
    forgetPayment(id, message),
    ...forgetPacket(id, message),
    ...forgetAgreement(id, message),
    ...(expiresAt === undefined
      ? []
      : [{ collection: expiringAt(id), key: keyOf(expiresAt, number), delete: true } as const]),
    searchMark(id, number),
  ];
}

export interface Sweep {
  expired: { id: MessageId; number: number }[];
  /** To be written. */
  ops: VaultOp[];
  /** When to sweep this conversation again; now, when there was more than one step removes. */
  next?: Millis;
}

/** What is over in a conversation by `now`. Inside the lane. */
export async function sweepExpired(vault: Pick<Vault, "range">, id: ConversationId, now: Millis): Promise<Sweep> {
  const rows = await vault.range<Pick<HistoryMessage, "id" | "number"> & { expiresAt: Millis }>(expiringAt(id), {
    limit: sweepLimit + 1,
  });
  const over = rows.slice(0, sweepLimit).filter(({ value }) => value.expiresAt <= now);
  const left = rows[over.length]?.value;
  return {
    expired: over.map(({ value }) => ({ id: value.id, number: value.number })),
    ops: [
      ...over.flatMap(({ value }) => forgetOps(id, value)),
      ...(left ? [] : [{ collection: expiringConversationsAt, key: id, delete: true } as const]),
    ],
    ...(left ? { next: Math.max(now, left.expiresAt) } : {}),
  };
}

/** Conversations to sweep after a start. */
export const expiringConversations = async (vault: Pick<Vault, "range">): Promise<ConversationId[]> =>
  (await vault.range<ConversationId>(expiringConversationsAt)).map(({ value }) => value);
