import { readSent } from "../chain/actions/readSent.ts";
import type { Core } from "../client/core.ts";
import { SkrumbleError } from "../errors/index.ts";
import type { Doubted, Earlier } from "./assignNonce.ts";
import type { PaymentInHand } from "./inHand.ts";
import { refuseMade } from "./refuseMade.ts";
import { numberOf } from "./say.ts";
import { isPastSending } from "./stillSent.ts";

/** One that can still be made: with a number of its wallet's, where that is known. */
interface Possible {
  wallet: string;
  number?: number | undefined;
  /** Absent for what was told of. */
  open?: PaymentInHand;
}

/**
 * Which of the earlier ones for the same a payment takes the place of. Of one wallet's transactions with one number one is mined: nothing
 * else keeps two from being made. What has lost its number to something else cannot come any more; of what has no known number that is
 * believed until its time is over, and then it is the person's word.
 * @returns undefined where it is none that was not told of
 * @throws SkrumbleError PAYMENT_MADE, PAYMENT_UNSURE (several can still be made, and no one number replaces them),
 * CHAIN_UNREACHABLE, QUORUM_FAILED
 */
export async function chooseEarlier(
  core: Core,
  record: PaymentInHand,
  { open = [], doubted }: Earlier,
): Promise<PaymentInHand | undefined> {
  if (open.length + (doubted ? 1 : 0) < 2) return open[0];
  const newestFirst = open.toSorted((a, b) => b.at - a.at);
  const possible: Possible[] = [];
  for (const one of newestFirst) if (await isPossible(core, one)) possible.push(await placeOf(core, one));
  if (doubted && (await isNumberFree(core, record, doubted)))
    possible.push({ wallet: doubted.wallet, number: doubted.accountNonce });
  const [first, ...others] = possible;
  const isReplaced = ({ wallet, number }: Possible) =>
    number !== undefined && wallet === first?.wallet && number === first.number;
  if (!others.every(isReplaced)) throw new SkrumbleError("PAYMENT_UNSURE");
  // What was told of leaves its number to one of its own.
  if (first) return first.open;
  return newestFirst.find(({ content }) => content.wallet === record.content.wallet) ?? newestFirst[0];
}

const placeOf = async (core: Core, open: PaymentInHand): Promise<Possible> => ({
  ...{ open, wallet: open.content.wallet, number: (await numberOf(core, open)).accountNonce },
});

async function isPossible(core: Core, one: PaymentInHand): Promise<boolean> {
  const on = core.payments.assets.chains.of(one.content.asset);
  const { accountNonce } = await numberOf(core, one);
  if (accountNonce === undefined) return !(await isPastSending(core, on, one.content.until));
  if ((await readSent(on, one.content.wallet, core.signal)).mined <= accountNonce) return true;
  await refuseMade(core, one, accountNonce);
  return false;
}

async function isNumberFree(core: Core, record: PaymentInHand, { wallet, accountNonce }: Doubted): Promise<boolean> {
  if (accountNonce === undefined) return false;
  const on = core.payments.assets.chains.of(record.content.asset);
  return (await readSent(on, wallet, core.signal)).mined <= accountNonce;
}
