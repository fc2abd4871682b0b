import * as z from "zod";
import type { PaymentBody, RequestBody } from "../../types/money.ts";
import { address, asset, hash, messageId as id } from "./fields.ts";
import { cleanLine, isBlank } from "./text.ts";

/** What is said about money. JSON has no number that holds an amount: it travels and lies as decimal digits. */

export const maxPaymentNote = 140;
export const maxAsked = 64;

const most = 2n ** 256n - 1n;
const amount = z
  .string()
  .max(78)
  // In one step: a later one would be asked about what is no number, too.
  .refine((digits) => /^[1-9]\d{0,77}$/.test(digits) && BigInt(digits) <= most);
const note = z
  .string()
  .max(4 * maxPaymentNote)
  .transform((typed) => cleanLine(typed, maxPaymentNote))
  .transform((line) => (isBlank(line) ? undefined : line))
  .optional();

const paymentFields = {
  asset,
  amount,
  to: hash,
  /** The payer's. */
  wallet: address,
  note,
  request: id.optional(),
  nonce: hash.optional(),
  transaction: hash.optional(),
  /** Of the transaction, among those of its account: one that takes its place has the same. */
  accountNonce: z.int().min(0).optional(),
  /** The newest when it was signed: nothing of it is older. */
  block: z.int().min(0),
  /** Unix seconds: from then on it cannot happen any more. */
  until: z.int().min(0),
};
const requestFields = {
  asset,
  amount,
  from: z
    .array(hash)
    .min(1)
    .max(maxAsked)
    .transform((people) => [...new Set(people)]),
  note,
};

/** Says which movement on chain it is: the nonce of an EIP-3009 authorisation, or a transaction. Each counts for one message. */
export const paymentContent = z
  .object({ kind: z.literal("payment"), ...paymentFields })
  .refine(({ nonce, transaction }) => (nonce === undefined) !== (transaction === undefined));
export const requestContent = z.object({ kind: z.literal("request"), ...requestFields });
export const withdrawContent = z.object({ kind: z.literal("withdraw"), target: id });

/** As the history keeps it. The state is what this device has found out; with a nonce the transaction is known once it is final. */
export const storedPayment = z.object({
  type: z.literal("payment"),
  ...paymentFields,
  state: z.enum(["signed", "sent", "unsure", "final", "differs", "failed"]),
  code: z.string().max(64).optional(),
  /** When it is final, or differs: the recipient's wallet, when that got it; the time of the block; which movement on chain it was. */
  recipient: address.optional(),
  paidAt: z.int().min(0).optional(),
  place: z.string().max(128).optional(),
  /** When it differs: what moved instead. */
  moved: z.object({ amount, wallet: address }).optional(),
});
export const storedRequest = z.object({
  type: z.literal("request"),
  ...requestFields,
  paid: z.array(hash).max(maxAsked),
  /** From whom less arrived so far than they were asked for. */
  parts: z
    .array(z.object({ person: hash, amount }))
    .max(maxAsked)
    .optional(),
  withdrawn: z.literal(true).optional(),
});
export type StoredPayment = z.infer<typeof storedPayment>;
export type StoredRequest = z.infer<typeof storedRequest>;

/** What may still be found out; of one that is `unsure`, too. */
export const isOpen = ({ state }: StoredPayment): boolean => ["signed", "sent", "unsure"].includes(state);

export function shownPayment(payment: StoredPayment): PaymentBody {
  const { type, asset, amount, to, note, request, state, code, transaction, moved, recipient } = payment;
  return {
    ...{ type, asset, amount: BigInt(amount), to, note, request, state },
    ...(code === undefined ? {} : { code }),
    ...(transaction === undefined ? {} : { transaction }),
    ...(moved === undefined
      ? {}
      : { moved: { amount: BigInt(moved.amount), wallet: moved.wallet, elsewhere: moved.wallet !== recipient } }),
  };
}

export function shownRequest(request: StoredRequest): RequestBody {
  const { type, asset, amount, from, note, paid, parts, withdrawn } = request;
  return {
    ...{ type, asset, amount: BigInt(amount), from, note, paid },
    ...(parts ? { parts: parts.map((part) => ({ ...part, amount: BigInt(part.amount) })) } : {}),
    state: withdrawn ? "withdrawn" : "open",
  };
}
