import { zeroAddress } from "viem";
import { readHead } from "../chain/actions/readHead.ts";
import type { Core } from "../client/core.ts";
import { paymentRows } from "../conversation/content/paymentIndex.ts";
import type { Address, Hex } from "../types/primitives.ts";
import type { PaymentInHand } from "./inHand.ts";
import { findTransfers, readTransactions, sentBy } from "./receipt.ts";

/**
 * The transaction by which a wallet made a payment, when nobody was there to hear of it: a token leaves a log, the coin is found
 * by the number that the wallet's transaction had. One that another payment names is not it.
 * @throws SkrumbleError QUORUM_FAILED, CHAIN_UNREACHABLE, ABORTED
 */
export async function findSent(core: Core, record: PaymentInHand): Promise<Hex | undefined> {
  const { chain, signal } = core;
  const { content, recipient, count } = record;
  const { wallet, block, amount, asset } = content;
  const head = Number(await readHead(chain, signal));
  const known = new Set((await paymentRows(core.vault)).map(({ body }) => body.transaction));
  if (asset.token !== zeroAddress) {
    const wanted = { token: asset.token, from: wallet, to: recipient, value: BigInt(amount), block, head };
    return (await findTransfers(chain, wanted, signal)).find((hash) => !known.has(hash));
  }
  if (count === undefined) return undefined;
  const at = await blockOf(core, wallet, count, { from: block, to: head });
  if (at === undefined) return undefined;
  const sent = (await readTransactions(chain, at, signal)).find(
    ({ from, nonce }) => from === wallet && nonce === count,
  );
  const isIt = sent && sent.to === recipient && BigInt(sent.value) === BigInt(amount) && !known.has(sent.hash);
  return isIt ? sent.hash : undefined;
}

/** The block in which a wallet sent its transaction of a number; undefined when it has not, or nodes have forgotten. */
async function blockOf(
  core: Core,
  wallet: Address,
  count: number,
  { from, to }: { from: number; to: number },
): Promise<number | undefined> {
  const latest = await sentBy(core.chain, wallet, "latest", core.signal);
  if (latest === undefined || latest <= count) return undefined;
  let [low, high] = [from, to];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const sent = await sentBy(core.chain, wallet, middle, core.signal);
    if (sent === undefined) return undefined;
    if (sent > count) high = middle;
    else low = middle + 1;
  }
  return low;
}
