import { readSent, type SentCount } from "../chain/actions/readSent.ts";
import type { Core } from "../client/core.ts";
import type { StoredPayment } from "../conversation/content/money.ts";
import { paymentRows } from "../conversation/content/paymentIndex.ts";
import { SkrumbleError } from "../errors/index.ts";
import type { Hex } from "../types/primitives.ts";
import { chooseEarlier } from "./chooseEarlier.ts";
import { allInHand, attemptsOf, type PaymentInHand } from "./inHand.ts";
import { refuseMade } from "./refuseMade.ts";
import { numberOf } from "./say.ts";

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

export type Doubted = Pick<StoredPayment, "accountNonce" | "transaction" | "wallet">;

/** What the wallet may have agreed to before for the same. */
export interface Earlier {
  /** Those that were not told of. */
  open?: readonly PaymentInHand[];
  /** One that was told of and is in doubt. */
  doubted?: Doubted | undefined;
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
 * - Several earlier ones: as with the one that can still be made, see {@link chooseEarlier}.
 *
 * @throws SkrumbleError PAYMENT_MADE, PAYMENT_UNSURE (its nonce is mined, and nobody can say by what; or several can still be made, and one
 * nonce does not replace them all), CHAIN_UNREACHABLE, QUORUM_FAILED
 */
export async function assignNonce(core: Core, record: PaymentInHand, before: Earlier): Promise<Assigned> {
  const on = core.payments.assets.chains.of(record.content.asset);
  const sent = await readSent(on, record.content.wallet, core.signal);
  const { doubted } = before;
  const earlier = await chooseEarlier(core, record, before);
  if (earlier) return replace(core, record, { ...before, earlier }, sent);
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

async function replace(
  core: Core,
  record: PaymentInHand,
  before: Earlier & { earlier: PaymentInHand },
  sent: SentCount,
): Promise<Assigned> {
  const { earlier } = before;
  const { id, count = sent.mined, transaction, signed, content } = earlier;
  // Each wallet has numbers of its own.
  if (content.wallet !== record.content.wallet) return ofItsOwn(record, sent);
  const { accountNonce } = await numberOf(core, earlier);
  const next = accountNonce ?? earlier.next ?? sent.agreed;
  // What nodes know of waits with that nonce, also behind a gap that only the wallet can fill.
  const most = accountNonce === undefined ? sent.pending : next;
  const isFree = next >= sent.mined && next <= most && !(await isTaken(core, before, next));
  if (!isFree)
    await refuseMade(core, earlier, accountNonce !== undefined && accountNonce < sent.mined ? accountNonce : undefined);
  const known = transaction ?? signed;
  if (known !== undefined && (accountNonce === undefined || !isFree)) return ofItsOwn(record, sent);
  const attempts = attemptsOf(earlier).filter((one) => one.recipient !== record.recipient || one.signed !== undefined);
  if (attempts.length > mostBefore) throw new SkrumbleError("PAYMENT_UNSURE");
  return {
    record: {
      ...{ ...record, id, content: { ...record.content, block: content.block }, count, next },
      ...(attempts.length === 0 ? {} : { before: attempts }),
      ...(transaction === undefined ? {} : { transaction }),
      ...(signed === undefined ? {} : { signed }),
      ...(accountNonce === undefined ? {} : { accountNonce }),
    },
    earlier,
    ...(isFree ? placeOf(next, known) : {}),
  };
}

/** That nonce is another payment's, and not only of what this takes the place of. */
async function isTaken(
  core: Core,
  { earlier, open = [], doubted }: Earlier & { earlier: PaymentInHand },
  nonce: number,
): Promise<boolean> {
  const { wallet, asset } = earlier.content;
  const told = (await paymentRows(core.vault)).filter(
    ({ from, body }) =>
      from === core.self.identity.publicId && (!doubted?.transaction || body.transaction !== doubted.transaction),
  );
  const others = (await allInHand(core)).filter(({ id }) => id !== earlier.id && open.every((one) => one.id !== id));
  return [...told.map(({ body }) => body), ...others.map((one) => ({ ...one.content, ...one }))].some(
    (one) => one.asset.chainId === asset.chainId && one.wallet === wallet && one.accountNonce === nonce,
  );
}
