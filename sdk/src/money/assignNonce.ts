import { readSent, type SentCount } from "../chain/actions/readSent.ts";
import type { Core } from "../client/core.ts";
import type { StoredPayment } from "../conversation/content/money.ts";
import { paymentRows } from "../conversation/content/paymentIndex.ts";
import { SkrumbleError } from "../errors/index.ts";
import type { Hex } from "../types/primitives.ts";
import { allInHand, type PaymentInHand } from "./inHand.ts";
import { readReceipt } from "./receipt.ts";
import { numberOf } from "./say.ts";

/** A payment, and the nonce that its transaction needs. */
export interface Assigned {
  record: PaymentInHand;
  /** It takes the place of one that may still be made: a refusal does not undo that. */
  replaces: boolean;
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
  doubted?: Pick<StoredPayment, "accountNonce" | "transaction"> | undefined;
}

/**
 * Whether a payment is one of its own or a replacement transaction, and with which account nonce.
 *
 * - Nothing earlier: one of its own; the wallet chooses the nonce.
 * - An earlier one that was told of and is in doubt: one of its own, with the other's nonce while that is free.
 * - An earlier one whose transaction is known, and its nonce is not or is taken: one of its own, and the earlier one is still looked for.
 * - Any other earlier one: the same record, asked for again, so that whichever of the two is mined is told of once. It has the nonce that
 *   the earlier one has or would have had, as long as nothing else has taken that.
 *
 * @throws SkrumbleError PAYMENT_MADE, CHAIN_UNREACHABLE, QUORUM_FAILED
 */
export async function assignNonce(core: Core, record: PaymentInHand, before: Earlier): Promise<Assigned> {
  const on = core.payments.assets.chains.of(record.content.asset);
  const sent = await readSent(on, record.content.wallet, core.signal);
  const { earlier, doubted } = before;
  if (earlier) return replace(core, record, earlier, sent);
  const own = ofItsOwn(record, sent);
  const { accountNonce, transaction } = doubted ?? {};
  if (accountNonce === undefined || accountNonce < sent.mined) return own;
  return { ...own, record: { ...own.record, next: accountNonce }, ...placeOf(accountNonce, transaction) };
}

/** Another act is refused a number by a wallet that follows what it sent with it, unless that is named. */
const placeOf = (accountNonce: number, instead: Hex | undefined): Pick<Assigned, "accountNonce" | "instead"> => ({
  ...{ accountNonce, ...(instead === undefined ? {} : { instead }) },
});

/** By two operators: with a nonce that one made up it would wait for ever, and replace nothing. */
const ofItsOwn = (record: PaymentInHand, { mined, agreed }: SentCount): Assigned => ({
  record: { ...record, count: mined, next: agreed },
  replaces: false,
});

async function replace(core: Core, record: PaymentInHand, earlier: PaymentInHand, sent: SentCount): Promise<Assigned> {
  const { id, count = sent.mined, transaction, signed, content } = earlier;
  const { accountNonce } = await numberOf(core, earlier);
  const next = accountNonce ?? earlier.next ?? sent.agreed;
  // What nodes know of waits with that nonce, also behind a gap that only the wallet can fill.
  const most = accountNonce === undefined ? sent.pending : next;
  const isFree = next >= sent.mined && next <= most && !(await isTaken(core, earlier, next));
  if (transaction !== undefined && (accountNonce === undefined || !isFree)) {
    const on = core.payments.assets.chains.of(record.content.asset);
    // In a block, though not in a final one.
    if ((await readReceipt(on, transaction, core.signal))?.status === "0x1") throw new SkrumbleError("PAYMENT_MADE");
    return ofItsOwn(record, sent);
  }
  return {
    record: {
      ...{ ...record, id, content: { ...record.content, block: content.block }, count, next },
      ...(transaction === undefined ? {} : { transaction }),
      ...(signed === undefined ? {} : { signed }),
      ...(accountNonce === undefined ? {} : { accountNonce }),
    },
    replaces: true,
    ...(isFree ? placeOf(next, transaction ?? signed) : {}),
  };
}

/** That nonce is another payment's. */
async function isTaken(core: Core, earlier: PaymentInHand, nonce: number): Promise<boolean> {
  const { wallet, asset } = earlier.content;
  const told = (await paymentRows(core.vault)).filter(({ from }) => from === core.self.identity.publicId);
  const others = (await allInHand(core)).filter(({ id }) => id !== earlier.id);
  return [...told.map(({ body }) => body), ...others.map((one) => ({ ...one.content, ...one }))].some(
    (one) => one.asset.chainId === asset.chainId && one.wallet === wallet && one.accountNonce === nonce,
  );
}
