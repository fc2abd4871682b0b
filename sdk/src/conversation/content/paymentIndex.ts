import type { Vault, VaultOp } from "../../store/index.ts";
import type { ConversationId, MessageId, Millis, PublicId } from "../../types/primitives.ts";
import type { StoredPayment } from "./money.ts";
import type { HistoryMessage } from "./types.ts";

/** All payments of all conversations, to list them and to add them up without looking through every history. */

const collection = "payments";
/** By movement on chain: the message that it counts for. Stays when that is deleted here. */
const countedAt = "payments counted";
/** By message: what was paid for a request. Stays, too: whoever has paid has paid. */
const paidAt = (conversationId: ConversationId, request: MessageId): string => `paid ${conversationId} ${request}`;
const keyOf = (conversationId: ConversationId, id: MessageId): string => `${conversationId} ${id}`;

export interface PaymentRow {
  conversationId: ConversationId;
  id: MessageId;
  from: PublicId;
  at: Millis;
  body: StoredPayment;
}

/** To be written together with a message. */
export function paymentOps(conversationId: ConversationId, { id, from, at, body }: HistoryMessage): VaultOp[] {
  if (body.type !== "payment") return [];
  const value: PaymentRow = { conversationId, id, from, at, body };
  const key = keyOf(conversationId, id);
  return [
    { collection, key, value },
    ...(body.place === undefined ? [] : [{ collection: countedAt, key: body.place, value: key }]),
    ...paidOps(conversationId, { id, from, body }),
  ];
}

/** What reached whoever asked. */
export interface Paid extends Pick<StoredPayment, "asset" | "to"> {
  from: PublicId;
  amount: string;
  paidAt: Millis;
}

function paidOps(
  conversationId: ConversationId,
  { id, from, body }: { id: MessageId; from: PublicId; body: StoredPayment },
): VaultOp[] {
  const { request, recipient, asset, to, moved, amount, paidAt: at } = body;
  // What came to another wallet is nobody's share.
  if (request === undefined || at === undefined || recipient === undefined) return [];
  if (moved && moved.wallet !== recipient) return [];
  const value: Paid = { from, to, asset, amount: moved?.amount ?? amount, paidAt: at };
  return [{ collection: paidAt(conversationId, request), key: id, value }];
}

/** What was paid for a request, also by messages that are deleted here. */
export const paidFor = async (
  vault: Pick<Vault, "range">,
  conversationId: ConversationId,
  request: MessageId,
): Promise<Paid[]> =>
  (await vault.range<Paid>(paidAt(conversationId, request), { skipDamaged: true })).map(({ value }) => value);

/** To be written when a message goes, whatever it was. */
export const forgetPayment = (conversationId: ConversationId, id: MessageId): VaultOp => ({
  ...{ collection, key: keyOf(conversationId, id) },
  delete: true,
});

/** The first movement that counts for no other message. */
export async function freePlace(
  vault: Pick<Vault, "get">,
  message: { conversationId: ConversationId; id: MessageId },
  places: readonly string[],
): Promise<string | undefined> {
  for (const place of places) {
    const taken = await vault.get<string>(countedAt, place);
    if (taken === undefined || taken === keyOf(message.conversationId, message.id)) return place;
  }
  return undefined;
}

/** In no order. */
export const paymentRows = async (vault: Pick<Vault, "range">): Promise<PaymentRow[]> =>
  (await vault.range<PaymentRow>(collection, { skipDamaged: true })).map(({ value }) => value);
