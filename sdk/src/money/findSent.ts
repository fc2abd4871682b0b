import { zeroAddress } from "viem";
import { readAgreedHead } from "../chain/actions/readBlock.ts";
import { readMined } from "../chain/actions/readSent.ts";
import type { AnyChain } from "../chain/chain.ts";
import type { Core } from "../client/core.ts";
import { paymentRows } from "../conversation/content/paymentIndex.ts";
import type { Hex } from "../types/primitives.ts";
import { allInHand, type PaymentInHand } from "./inHand.ts";
import { readNumbered, readTransaction, transfersBetween } from "./receipt.ts";
import { transferOf } from "./transferOf.ts";

/** Transactions of the wallet that are looked at, from the one it would have sent. */
const mostLooked = 64;

/**
 * The mined transaction by which a wallet made a payment, when nobody was there to hear of it: a token leaves a log, the coin is found
 * among what the wallet sent since. One that another payment of this person names is not it. That it is not found does not say that it will not come.
 * @throws SkrumbleError QUORUM_FAILED, CHAIN_UNREACHABLE, CHAIN_REJECTED, ABORTED
 */
export async function findSent(core: Core, record: PaymentInHand): Promise<Hex | undefined> {
  const on = core.payments.assets.chains.of(record.content.asset);
  const head = Number((await readAgreedHead(on, core.signal)).number);
  // One's own words alone: others name what they like.
  const own = core.self.identity.publicId;
  const told = (await paymentRows(core.vault)).flatMap(({ from, body }) => (from === own ? [body.transaction] : []));
  const others = (await allInHand(core)).filter(({ id }) => id !== record.id).map(({ transaction }) => transaction);
  const known = new Set([...told, ...others]);
  const find = record.content.asset.token === zeroAddress ? findCoin : findToken;
  return find(record, { on, signal: core.signal, head, isFree: (hash) => !known.has(hash) });
}

interface Search {
  on: AnyChain;
  signal: AbortSignal;
  head: number;
  isFree(hash: Hex): boolean;
}

async function findToken(record: PaymentInHand, { on, signal, head, isFree }: Search) {
  const { content, recipient } = record;
  const { asset, wallet: from, block, amount } = content;
  const wanted = { token: asset.token, from, to: recipient, block, head };
  const { to, data } = transferOf(asset, recipient, BigInt(amount));
  for await (const { transaction, value } of transfersBetween(on, wanted, signal)) {
    if (!isFree(transaction)) continue;
    if (value === BigInt(amount)) return transaction;
    // A token may move another amount than it was told to.
    const sent = await readTransaction(on, transaction, signal);
    if (sent?.to === to && sent.input === data) return transaction;
  }
  return undefined;
}

async function findCoin(record: PaymentInHand, { on, signal, head, isFree }: Search) {
  const { content, recipient, count } = record;
  const { wallet, block, amount } = content;
  if (count === undefined) return undefined;
  const mined = (await readMined(on, wallet, "latest", signal)) ?? 0;
  let from = block;
  for (let nonce = count; nonce < Math.min(mined, count + mostLooked); nonce++) {
    const sent = await readNumbered(on, { wallet, nonce }, { from, to: head }, signal);
    if (!sent) return undefined;
    if (sent.to === recipient && BigInt(sent.value) === BigInt(amount) && isFree(sent.hash)) return sent.hash;
    from = sent.block;
  }
  return undefined;
}
