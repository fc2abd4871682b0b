import { zeroAddress } from "viem";
import { readMined, readSent } from "../chain/actions/readSent.ts";
import type { Core } from "../client/core.ts";
import { isOpen } from "../conversation/content/money.ts";
import { paymentRows } from "../conversation/content/paymentIndex.ts";
import { keptPackets } from "../packets/records.ts";
import type { Hex } from "../types/primitives.ts";
import { findSent } from "./findSent.ts";
import { allInHand, inHand, type PaymentInHand } from "./inHand.ts";
import { readTransaction } from "./receipt.ts";
import { sentBesides } from "./walletSent.ts";

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
  const on = core.payments.assets.chains.of(asset);
  const { mined, agreed } = await readSent(on, wallet, core.signal);
  // Each chain has numbers of its own.
  const isOf = (one: { wallet: string; asset: { chainId: number } }) =>
    one.wallet === wallet && one.asset.chainId === asset.chainId;
  const told = (await paymentRows(core.vault)).map(({ body }) => body).filter(isOf);
  const kept = (await allInHand(core)).filter(({ content }) => isOf(content));
  const known = new Set<number>();
  const add = (number: number | undefined) => {
    if (number !== undefined && number >= mined && number < agreed) known.add(number);
  };
  for (const { accountNonce } of [...told, ...kept]) add(accountNonce);
  if (agreed - mined <= known.size) return false;
  // Of what this device sent, too, without having heard its number.
  const numberless = [...told.filter(isOpen), ...kept].filter((one) => one.accountNonce === undefined);
  const packets = on.further ? [] : await packetsSent(core, wallet);
  for (const hash of new Set([...numberless.map(({ transaction }) => transaction), ...packets, ...sentBesides(core)])) {
    const sent = hash && (await readTransaction(on, hash, core.signal));
    if (sent?.from === wallet) add(sent.nonce);
  }
  return agreed - mined > known.size;
}

/** By packets of this device that are not on chain yet. */
const packetsSent = async ({ vault }: Core, wallet: string): Promise<(Hex | undefined)[]> =>
  (await keptPackets(vault)).made
    .filter(({ creator, packetId }) => packetId === undefined && creator.toLowerCase() === wallet)
    .map(({ sends }) => sends?.transaction);

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
