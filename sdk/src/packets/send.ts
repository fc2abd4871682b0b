import { encodeFunctionData, zeroAddress } from "viem";
import { readSent, type SentCount } from "../chain/actions/readSent.ts";
import { simulateOnPackets } from "../chain/packets.ts";
import type { Core } from "../client/core.ts";
import { SkrumbleError, throwIfAborted } from "../errors/index.ts";
import { redPacketsAbi } from "../generated/index.ts";
import { askWallet, hashInDoubt, isHash, NotSentError, wasNotSent } from "../identity/wallet.ts";
import { readTransaction } from "../money/receipt.ts";
import type { TransactionRequest, WalletSigner } from "../types/client.ts";
import type { Hex, MessageId } from "../types/primitives.ts";
import { allowPackets } from "./allow.ts";
import { findMade, isLate, isVoid } from "./finish.ts";
import { dropMade, keepMade, keptMade, keptPackets, type MadePacket } from "./records.ts";
import { termsOf } from "./terms.ts";
import { sameAddress } from "./verified.ts";

/** A packet whose wallet sends it itself: the chain's coin, and tokens that do not move by a signature alone. */
export interface SentPacket extends MadePacket {
  sends: NonNullable<MadePacket["sends"]>;
}

/** Written down, and what it is to take the place of: with its number where that is still free. */
interface ReservedPacket {
  made: SentPacket;
  open: readonly MadePacket[];
  /** Aborts when the person gives it up for another one. */
  prompt: AbortController;
  accountNonce?: number;
  /** Hash of what has that number. */
  replaces?: Hex;
}

/** Of packets whose wallet is being asked by this run. */
const prompts = new WeakMap<Core, Map<MessageId, AbortController>>();
const promptsOf = (core: Core): Map<MessageId, AbortController> => {
  const known = prompts.get(core) ?? new Map<MessageId, AbortController>();
  prompts.set(core, known);
  return known;
};

/**
 * Writes such a packet down before the wallet is asked. While the wallet may have sent one of the same sum before, it is refused,
 * unless the person says that this one is to take its place: then it has that one's number, and only one of them is mined.
 * @param isAsked the wallet is being asked for a packet by this run
 * @throws SkrumbleError PACKET_UNDER_WAY, PACKET_UNSURE, CHAIN_UNREACHABLE, QUORUM_FAILED
 */
export function reservePacket(
  core: Core,
  made: MadePacket,
  { replace, isAsked }: { replace: boolean; isAsked(packet: MadePacket): boolean },
): Promise<ReservedPacket> {
  return core.serial.run("packet sent", async () => {
    const open = await openLike(core, made, isAsked);
    if (open.length > 0 && !replace) throw new SkrumbleError("PACKET_UNSURE");
    // By two operators: with a number that one made up it would wait for ever, and replace nothing.
    const sent = await readSent(core.chain, made.creator, core.signal);
    const places: Place[] = [];
    for (const one of open) places.push(await placeOf(core, one, sent));
    const place = onePlace(places.filter(({ isGone }) => !isGone)) ?? places[0];
    const next = place?.next ?? sent.agreed;
    // Mined between the look for it and this.
    if (places.some((one) => one.next < sent.mined)) await refuseMade(core, open);
    const kept: SentPacket = { ...made, sends: { next } };
    await keepMade(core.vault, kept);
    const prompt = new AbortController();
    for (const { messageId } of open) promptsOf(core).get(messageId)?.abort();
    promptsOf(core).set(kept.messageId, prompt);
    return {
      ...{ made: kept, open, prompt, ...(place?.isFree ? { accountNonce: next } : {}) },
      ...(place?.replaces ? { replaces: place.replaces } : {}),
    };
  });
}

/** Number of a packet among the wallet's transactions, as far as that can be known. */
interface Place {
  next: number;
  isFree: boolean;
  /** Something else has its number. */
  isGone: boolean;
  replaces?: Hex | undefined;
}

async function placeOf(core: Core, { sends }: MadePacket, { mined, pending, agreed }: SentCount): Promise<Place> {
  const { transaction: sent, signed } = sends ?? {};
  const number = sent && (await readTransaction(core.chain, sent, core.signal))?.nonce;
  const next = number ?? sends?.next ?? agreed;
  // The number of a hash that nodes do not know is anybody's guess, unless the wallet told it; one that they know may wait behind a gap.
  const isTold = number !== undefined || (signed !== undefined && (sent === undefined || sent === signed));
  const isKnown = isTold || (sent === undefined && next <= pending);
  return { next, isFree: isKnown && mined <= next, isGone: isTold && next < mined, replaces: sent ?? signed };
}

/**
 * Of one wallet's transactions with one number one is mined: nothing else keeps two packets from being made.
 * @param places of those that can still be made @throws SkrumbleError PACKET_UNSURE: no one number replaces them
 */
function onePlace(places: readonly Place[]): Place | undefined {
  const [first] = places;
  const isReplaced = ({ isFree, next }: Place) => isFree && next === first?.next;
  if (places.length > 1 && !places.every(isReplaced)) throw new SkrumbleError("PACKET_UNSURE");
  return places.find(({ replaces }) => replaces !== undefined) ?? first;
}

async function refuseMade(core: Core, open: readonly MadePacket[]): Promise<void> {
  for (const one of open) if (await findMade(core, one)) throw new SkrumbleError("PACKET_UNDER_WAY");
}

/** Newest first. @throws SkrumbleError PACKET_UNDER_WAY: it is on chain, and will be said by itself */
async function openLike(core: Core, made: MadePacket, isAsked: (packet: MadePacket) => boolean): Promise<MadePacket[]> {
  const open: MadePacket[] = [];
  for (const earlier of (await keptPackets(core.vault)).made) {
    if (earlier.sends === undefined || !isLike(earlier, made)) continue;
    const isOpen = isAsked(earlier);
    if (!isOpen && !earlier.sends.asked) continue;
    // It may come later still, and its key is kept for that; but nobody is kept waiting for so long. Asked first: what is mined meanwhile is found.
    const isGivenUp = !isOpen && (await isLate(core, earlier));
    if (!isOpen && (await findMade(core, earlier))) throw new SkrumbleError("PACKET_UNDER_WAY");
    if (!isGivenUp) open.push(earlier);
    else if (await isVoid(core, earlier)) await dropMade(core.vault, earlier.messageId);
  }
  return open.sort((a, b) => b.validBefore - a.validBefore);
}

/** Not on chain yet, of the same sum, in the same conversation. */
export const isLike = (earlier: MadePacket, made: MadePacket): boolean =>
  earlier.packetId === undefined &&
  earlier.conversationId === made.conversationId &&
  sameAddress(earlier.creator, made.creator) &&
  sameAddress(earlier.token, made.token) &&
  earlier.amount === made.amount;

/**
 * Has the wallet send it. After anything but a no it may be on its way all the same.
 * @throws SkrumbleError ABORTED (given up for another one), CHAIN_STALLED as NotSentError (the approval that it needs is in no block for two minutes), what the wallet throws, PAYMENT_REFUSED or what the contract says when it would refuse, and what reads throw
 */
export async function sendPacket(core: Core, reserved: ReservedPacket, wallet: WalletSigner): Promise<void> {
  const { made, replaces, prompt } = reserved;
  const signal = AbortSignal.any([core.signal, prompt.signal]);
  const { amount, token, validBefore, messageId } = made;
  const terms = termsOf(made);
  let { accountNonce } = reserved;
  try {
    if (token !== zeroAddress) {
      const taking = { token, amount: BigInt(amount), deadline: BigInt(validBefore) };
      if (await allowPackets(core, wallet, taking)) accountNonce = await numberAfter(core, reserved);
    }
    const call = {
      to: core.chain.network.contracts.redPackets,
      data: encodeFunctionData({ abi: redPacketsAbi, functionName: "create", args: [terms] }),
      value: token === zeroAddress ? BigInt(amount) : 0n,
    };
    await simulateOnPackets(core.chain, { data: call.data, value: call.value, from: wallet.address }, core.signal);
    const request: TransactionRequest = {
      ...{ ...call, chainId: core.chain.network.chainId, signal },
      ...(accountNonce === undefined ? {} : { nonce: accountNonce, ...(replaces ? { replaces } : {}) }),
      // In turn with those that take its place: one that is given up is not sent any more, and no other guesses its number.
      onSigned: ({ hash, nonce }) =>
        core.serial.run("packet sent", async () => {
          throwIfAborted(prompt.signal);
          // The wallet may not have waited for this, and what it did not send was let go of.
          if (!(await keptMade(core.vault, messageId))) throw new SkrumbleError("ABORTED");
          Object.assign(made.sends, { next: nonce, signed: hash });
          await keepMade(core.vault, made);
        }),
    };
    throwIfAborted(prompt.signal);
    made.sends.asked = true;
    await keepMade(core.vault, made);
    const hash = await askWallet(async () => wallet.sendTransaction?.(request), signal);
    if (!isHash(hash)) throw new SkrumbleError("WALLET_FAILED", { details: "No hash." });
    made.sends.transaction = hash;
    await keepMade(core.vault, made);
  } catch (error) {
    const doubted = hashInDoubt(error);
    if (doubted && made.sends.asked) {
      made.sends.transaction = doubted;
      await keepMade(core.vault, made);
    } else if ((!made.sends.asked || wasNotSent(error)) && !core.signal.aborted) await dropMade(core.vault, messageId);
    // In doubt is the approval alone, and that goes on by itself: the packet was not sent, and does not.
    if (doubted && !made.sends.asked) throw new NotSentError(new SkrumbleError("CHAIN_STALLED", { cause: error }));
    throw error;
  } finally {
    promptsOf(core).delete(messageId);
  }
}

/**
 * Its number among the wallet's once that has sent an approval, which has the number that was noted before; or that of the packet it
 * replaces, while that is free. @throws SkrumbleError PACKET_UNDER_WAY: that one was mined meanwhile
 */
async function numberAfter(core: Core, { made, open, accountNonce }: ReservedPacket): Promise<number | undefined> {
  const { mined, agreed } = await readSent(core.chain, made.creator, core.signal);
  if (accountNonce !== undefined && mined <= accountNonce) return accountNonce;
  await refuseMade(core, open);
  made.sends.next = agreed;
  await keepMade(core.vault, made);
  return undefined;
}
