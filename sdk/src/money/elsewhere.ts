import { zeroAddress } from "viem";
import { readMined, readSent } from "../chain/actions/readSent.ts";
import type { Core } from "../client/core.ts";
import { paymentRows } from "../conversation/content/paymentIndex.ts";
import { findSent } from "./findSent.ts";
import { allInHand, inHand, type PaymentInHand } from "./inHand.ts";

/** So old may be what is known of one's own devices. */
const fresh = 60_000;
/** An hour of blocks, four to the second, is not more. */
const hour = 14_400;

/**
 * Whether another device of this person may just have made this payment, without having told of it: a transaction of the wallet waits
 * that this device did not send, by the word of two operators, or one that pays just this was mined within the hour and no message names it.
 * Of a wallet with one device everything is known here. What nodes have forgotten is no sign of anything.
 * @throws SkrumbleError CHAIN_UNREACHABLE, QUORUM_FAILED, CHAIN_REJECTED, ABORTED
 */
export async function isElsewhere(core: Core, record: PaymentInHand): Promise<boolean> {
  const { devices } = await core.people.load(core.self.identity.publicId, fresh);
  if (devices.length < 2) return false;
  return (await waitsUnknown(core, record)) || (await wasMined(core, record));
}

async function waitsUnknown(core: Core, { content: { wallet, asset } }: PaymentInHand): Promise<boolean> {
  const { mined, agreed } = await readSent(core.payments.assets.chains.of(asset), wallet, core.signal);
  // Each chain has numbers of its own.
  const isOf = (one: { wallet: string; asset: { chainId: number } }) =>
    one.wallet === wallet && one.asset.chainId === asset.chainId;
  const told = (await paymentRows(core.vault)).filter(({ body }) => isOf(body));
  const kept = (await allInHand(core)).filter(({ content }) => isOf(content));
  const numbers = [
    ...told.map(({ body }) => body.accountNonce),
    ...kept.map(
      ({ accountNonce, transaction, next }) => accountNonce ?? (transaction === undefined ? undefined : next),
    ),
  ];
  const known = new Set(numbers.filter((number) => number !== undefined && number >= mined && number < agreed));
  return agreed - mined > known.size;
}

async function wasMined(core: Core, record: PaymentInHand): Promise<boolean> {
  const { id, content } = record;
  const block = Math.max(0, content.block - hour);
  const isCoin = content.asset.token === zeroAddress;
  const on = core.payments.assets.chains.of(content.asset);
  const count = isCoin ? await readMined(on, content.wallet, block, core.signal) : 0;
  if (count === undefined) return false;
  const search = await findSent(core, { ...record, content: { ...content, block }, count });
  inHand(core).searched.delete(id);
  return search.state === "found";
}
