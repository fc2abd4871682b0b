import { zeroAddress } from "viem";
import { readAgreedHead } from "../chain/actions/readBlock.ts";
import { readSent, type SentCount } from "../chain/actions/readSent.ts";
import type { Core } from "../client/core.ts";
import type { StoredPayment } from "../conversation/content/money.ts";
import { paymentRows } from "../conversation/content/paymentIndex.ts";
import { SkrumbleError } from "../errors/index.ts";
import type { Hex } from "../types/primitives.ts";
import { findSent } from "./findSent.ts";
import { allInHand, attemptsOf, type PaymentInHand } from "./inHand.ts";
import { readNumbered, readReceipt, type Transaction } from "./receipt.ts";
import { numberOf } from "./say.ts";
import { isPastSending } from "./stillSent.ts";
import { transferOf } from "./transferOf.ts";

/** So many may be asked for in one another's place before it is known what became of any of them. */
const mostBefore = 16;

/** A payment, and the nonce that its transaction needs. */
export interface Assigned {
  record: PaymentInHand;
  /** What it takes the place of, which may still be made: after a refusal that is what is looked for. */
  earlier?: PaymentInHand;
  /** What a transaction that takes the place of an earlier one has to have, so that only one of them is mined. */
  accountNonce?: number;
  /** Hash of what has that number, where it is known. */
  instead?: Hex;
}

/** What the wallet may have agreed to before for the same. */
export interface Earlier {
  /** One that was not told of. */
  earlier?: PaymentInHand | undefined;
  /** One that was told of and is in doubt. */
  doubted?: Pick<StoredPayment, "accountNonce" | "transaction" | "wallet"> | undefined;
}

/**
 * Whether a payment is one of its own or a replacement transaction, and with which account nonce.
 *
 * - Nothing earlier: one of its own; the wallet chooses the nonce.
 * - An earlier one that was told of and is in doubt: one of its own, with the other's nonce while that is free.
 * - An earlier one whose hash is known, and its nonce is not or is taken: one of its own, and the earlier one is still looked for.
 * - An earlier one of another wallet: one of its own.
 * - Any other earlier one: the same record, asked for again, so that whichever of the two is mined is told of once. It has the nonce that
 *   the earlier one has or would have had, as long as nothing else has taken that.
 *
 * @throws SkrumbleError PAYMENT_MADE, PAYMENT_UNSURE (its nonce is mined, and nobody can say by what), CHAIN_UNREACHABLE, QUORUM_FAILED
 */
export async function assignNonce(core: Core, record: PaymentInHand, before: Earlier): Promise<Assigned> {
  const on = core.payments.assets.chains.of(record.content.asset);
  const sent = await readSent(on, record.content.wallet, core.signal);
  const { earlier, doubted } = before;
  if (earlier) return replace(core, record, earlier, sent);
  const own = ofItsOwn(record, sent);
  const { accountNonce, transaction, wallet } = doubted ?? {};
  if (accountNonce === undefined || accountNonce < sent.mined || wallet !== record.content.wallet) return own;
  return { ...own, record: { ...own.record, next: accountNonce }, ...placeOf(accountNonce, transaction) };
}

/** Another act is refused a number by a wallet that follows what it sent with it, unless that is named. */
const placeOf = (accountNonce: number, instead: Hex | undefined): Pick<Assigned, "accountNonce" | "instead"> => ({
  ...{ accountNonce, ...(instead === undefined ? {} : { instead }) },
});

/** By two operators: with a nonce that one made up it would wait for ever, and replace nothing. */
const ofItsOwn = (record: PaymentInHand, { mined, agreed }: SentCount): Assigned => ({
  record: { ...record, count: mined, next: agreed },
});

async function replace(core: Core, record: PaymentInHand, earlier: PaymentInHand, sent: SentCount): Promise<Assigned> {
  const { id, count = sent.mined, transaction, signed, content } = earlier;
  // Each wallet has numbers of its own.
  if (content.wallet !== record.content.wallet) return ofItsOwn(record, sent);
  const { accountNonce } = await numberOf(core, earlier);
  const next = accountNonce ?? earlier.next ?? sent.agreed;
  // What nodes know of waits with that nonce, also behind a gap that only the wallet can fill.
  const most = accountNonce === undefined ? sent.pending : next;
  const isFree = next >= sent.mined && next <= most && !(await isTaken(core, earlier, next));
  if (!isFree)
    await refuseMade(core, earlier, accountNonce !== undefined && accountNonce < sent.mined ? accountNonce : undefined);
  const known = transaction ?? signed;
  if (known !== undefined && (accountNonce === undefined || !isFree)) return ofItsOwn(record, sent);
  const before = attemptsOf(earlier).filter((one) => one.recipient !== record.recipient || one.signed !== undefined);
  if (before.length > mostBefore) throw new SkrumbleError("PAYMENT_UNSURE");
  return {
    record: {
      ...{ ...record, id, content: { ...record.content, block: content.block }, count, next },
      ...(before.length === 0 ? {} : { before }),
      ...(transaction === undefined ? {} : { transaction }),
      ...(signed === undefined ? {} : { signed }),
      ...(accountNonce === undefined ? {} : { accountNonce }),
    },
    earlier,
    ...(isFree ? placeOf(next, known) : {}),
  };
}

/**
 * Whoever looked before may have looked too early. Where its number is mined, nobody pays again unless it is known that something else has
 * it: before its time is over that is most likely this payment.
 * @param mined that number, where it is
 * @throws SkrumbleError PAYMENT_MADE, PAYMENT_UNSURE, CHAIN_REJECTED, ABORTED
 */
async function refuseMade(core: Core, earlier: PaymentInHand, mined: number | undefined): Promise<void> {
  const what = mined === undefined ? undefined : await unlessAway(minedWith(core, earlier, mined));
  const isMade = what === "this" || (await unlessAway(findSent(core, earlier)))?.state === "found";
  if (isMade) throw new SkrumbleError("PAYMENT_MADE");
  if (mined === undefined || what === "other") return;
  const on = core.payments.assets.chains.of(earlier.content.asset);
  if (!(await isPastSending(core, on, earlier.content.until))) throw new SkrumbleError("PAYMENT_UNSURE");
}

/** Where nobody can look, nobody can say. */
const unlessAway = <T>(looking: Promise<T>): Promise<T | undefined> =>
  looking.catch((error) => {
    if (error instanceof SkrumbleError && error.category === "network") return undefined;
    throw error;
  });

/** Whether what was mined with that number is this payment; undefined where nodes have forgotten. */
async function minedWith(core: Core, earlier: PaymentInHand, nonce: number): Promise<"this" | "other" | undefined> {
  const { wallet, asset, block } = earlier.content;
  const on = core.payments.assets.chains.of(asset);
  const head = Number((await readAgreedHead(on, core.signal)).number);
  const what = await readNumbered(on, { wallet, nonce }, { from: Math.min(block, head), to: head }, core.signal);
  if (!what || !isOf(earlier, what)) return what && "other";
  return (await readReceipt(on, what.hash, core.signal))?.status === "0x1" ? "this" : "other";
}

/** It does what the wallet was asked for. */
const isOf = (earlier: PaymentInHand, what: Transaction): boolean =>
  attemptsOf(earlier).some(({ recipient }) => {
    const { asset, amount } = earlier.content;
    const { to, data, value } = transferOf(asset, recipient, BigInt(amount));
    return what.to === to && BigInt(what.value) === value && (asset.token === zeroAddress || what.input === data);
  });

/** That nonce is another payment's. */
async function isTaken(core: Core, earlier: PaymentInHand, nonce: number): Promise<boolean> {
  const { wallet, asset } = earlier.content;
  const told = (await paymentRows(core.vault)).filter(({ from }) => from === core.self.identity.publicId);
  const others = (await allInHand(core)).filter(({ id }) => id !== earlier.id);
  return [...told.map(({ body }) => body), ...others.map((one) => ({ ...one.content, ...one }))].some(
    (one) => one.asset.chainId === asset.chainId && one.wallet === wallet && one.accountNonce === nonce,
  );
}
