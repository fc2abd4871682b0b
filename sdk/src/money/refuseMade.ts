import { zeroAddress } from "viem";
import { readAgreedHead } from "../chain/actions/readBlock.ts";
import type { Core } from "../client/core.ts";
import { SkrumbleError } from "../errors/index.ts";
import { findSent } from "./findSent.ts";
import { attemptsOf, type PaymentInHand } from "./inHand.ts";
import { namedElsewhere } from "./namedElsewhere.ts";
import { readNumbered, readReceipt, type Transaction } from "./receipt.ts";
import { isPastSending } from "./stillSent.ts";
import { transferOf } from "./transferOf.ts";

/**
 * Whoever looked before may have looked too early. Where its number is mined, nobody pays again unless it is known that something else has
 * it: before its time is over that is most likely this payment.
 * @param mined that number, where it is
 * @throws SkrumbleError PAYMENT_MADE, PAYMENT_UNSURE, CHAIN_REJECTED, ABORTED
 */
export async function refuseMade(core: Core, earlier: PaymentInHand, mined: number | undefined): Promise<void> {
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

/** Whether what was mined with that number is this payment; undefined where nodes have forgotten, or do not know yet. */
async function minedWith(core: Core, earlier: PaymentInHand, nonce: number): Promise<"this" | "other" | undefined> {
  const { wallet, asset, block } = earlier.content;
  const on = core.payments.assets.chains.of(asset);
  const head = Number((await readAgreedHead(on, core.signal)).number);
  const what = await readNumbered(on, { wallet, nonce }, { from: Math.min(block, head), to: head }, core.signal);
  if (!what || !isOf(earlier, what)) return what && "other";
  // It counts for that one.
  if ((await namedElsewhere(core, earlier)).has(what.hash)) return "other";
  const receipt = await readReceipt(on, what.hash, core.signal);
  // Those who were asked may be a block behind.
  return receipt && (receipt.status === "0x1" ? "this" : "other");
}

/** It does what the wallet was asked for. */
const isOf = (earlier: PaymentInHand, what: Transaction): boolean =>
  attemptsOf(earlier).some(({ recipient }) => {
    const { asset, amount } = earlier.content;
    const { to, data, value } = transferOf(asset, recipient, BigInt(amount));
    return what.to === to && BigInt(what.value) === value && (asset.token === zeroAddress || what.input === data);
  });
