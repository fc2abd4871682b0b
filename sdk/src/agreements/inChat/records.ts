import type { Core } from "../../client/core.ts";
import { type StoredAct, shownAct } from "../../conversation/content/agreement.ts";
import { SkrumbleError } from "../../errors/index.ts";
import type { Vault } from "../../store/index.ts";
import type { PendingAct, UntoldAct } from "../../types/agreed.ts";
import type { Address, ConversationId, Hex, MessageId } from "../../types/primitives.ts";

/** Of the agreement: its token, and each milestone's amount in decimal digits. */
export interface EscrowMoney {
  token: Address;
  amounts: string[];
}

/**
 * Something that this person does with an escrow. Kept before the wallet is asked, and until it is on chain and told of in the
 * conversation, or cannot get onto the chain any more. What no conversation takes stays: only here are the words of which the chain has
 * the hash.
 */
export interface ActInHand {
  /** Where it is told of: nowhere, as long as its author has the agreement only out of a file. */
  told?: { conversationId: ConversationId; agreement: MessageId };
  /** Of the agreement on chain, where it was done with its file. */
  of?: Hex;
  /** Of the message that tells of it. */
  id: MessageId;
  escrow: Address;
  money: EscrowMoney;
  act: StoredAct;
  /** Whose it is. */
  wallet: Address;
  /** Decimal. */
  step: string;
  /** Unix seconds: from then on nobody takes it. */
  deadline: number;
  /** Newest block before it was signed. */
  from: number;
  /** The wallet agreed, or nothing had to be asked of it. */
  ready?: true;
  signature?: Hex;
  /**
   * Of `fund`: what moves the missing money. Another asset than SKM is sent by the wallet itself: whether that was asked to, what it
   * sent, or has signed and may have sent, and which number that has among what it sends.
   */
  pays?: {
    amount: string;
    nonce?: Hex;
    signature?: Hex;
    asked?: true;
    transaction?: Hex;
    accountNonce?: number;
  };
  /** What did it, by the word of two operators: from then on it only has to be told. */
  done?: Hex;
  /** At the last attempt the conversation did not take it. */
  untaken?: true;
}

/** It can go on by itself: money that a wallet was asked to send may be on its way whether it was heard or not. */
export const isReady = ({ ready, pays }: ActInHand): boolean => ready === true || pays?.asked === true;

const pendingAct = (one: ActInHand): PendingAct => ({
  ...{ message: one.id, act: shownAct(one.act), until: one.deadline * 1000 },
  at: isReady(one) ? "chain" : "wallet",
  ...(one.pays?.asked ? { doubt: true } : {}),
});

const untoldAct = ({ id, act, done }: ActInHand & { done: Hex }): UntoldAct => ({
  ...{ message: id, act: shownAct(act), transaction: done },
});

/** It is on chain, and nobody has heard of it, or not yet. */
export const isUntold = (one: ActInHand): one is ActInHand & { done: Hex } => one.done !== undefined;

/**
 * As programs see those that fit, oldest first: the store has them in no order. What is only on its way into the conversation is nothing
 * that anybody has to see to.
 */
export function actsInHand(
  all: readonly ActInHand[],
  fits: (one: ActInHand) => boolean,
): { pending: PendingAct[]; untold: UntoldAct[] } {
  const found = all.filter(fits).sort((a, b) => a.from - b.from);
  return {
    pending: found.filter((one) => !isUntold(one)).map(pendingAct),
    untold: found
      .filter(isUntold)
      .filter(({ untaken, told }) => untaken || !told)
      .map(untoldAct),
  };
}

const collection = "agreement acts";

export const keepAct = (vault: Vault, act: ActInHand): Promise<void> =>
  vault.write([{ collection, key: act.id, value: act }]);

export const dropAct = (vault: Vault, { id }: Pick<ActInHand, "id">): Promise<void> =>
  vault.write([{ collection, key: id, delete: true }]);

/** As it is kept now. */
export const readAct = (vault: Vault, id: MessageId): Promise<ActInHand | undefined> =>
  vault.get<ActInHand>(collection, id);

export const keptActs = async (vault: Vault): Promise<ActInHand[]> =>
  (await vault.range<ActInHand>(collection, { skipDamaged: true })).map(({ value }) => value);

/**
 * Keeps an act, unless one that it could undo or do twice is under way: on the same milestone, or also on all of the escrow. What is
 * on chain already is under way no more.
 * @throws SkrumbleError ESCROW_UNDER_WAY
 */
export const reserveAct = ({ serial, vault }: Pick<Core, "serial" | "vault">, act: ActInHand): Promise<void> =>
  serial.run("agreement acts", async () => {
    const isSame = (other: ActInHand) =>
      !isUntold(other) && other.escrow === act.escrow && aimOf(other.act) === aimOf(act.act);
    if ((await keptActs(vault)).some(isSame)) throw new SkrumbleError("ESCROW_UNDER_WAY");
    await keepAct(vault, act);
  });

/** Milestones are funded in their order, so all funding is about the same; cancelling and sweeping are about the whole escrow. */
const aimOf = (act: StoredAct): string => ("index" in act ? `milestone ${act.index}` : act.do);
