import type { StoredAct } from "../../conversation/content/agreement.ts";
import type { Vault } from "../../store/index.ts";
import type { Address, ConversationId, Hex, MessageId } from "../../types/primitives.ts";

/**
 * Something that this person does with an escrow. Kept before the wallet is asked, and until it is on chain and told of in the
 * conversation, or cannot get there any more.
 */
export interface ActInHand {
  conversationId: ConversationId;
  agreement: MessageId;
  /** Of the message that tells of it. */
  id: MessageId;
  escrow: Address;
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
  /** Of `fund`: what moves the missing money. Another asset than SKM is sent by the wallet itself. */
  pays?: { amount: string; nonce?: Hex; signature?: Hex };
}

const collection = "agreement acts";

export const keepAct = (vault: Vault, act: ActInHand): Promise<void> =>
  vault.write([{ collection, key: act.id, value: act }]);

export const dropAct = (vault: Vault, { id }: ActInHand): Promise<void> =>
  vault.write([{ collection, key: id, delete: true }]);

export const keptActs = async (vault: Vault): Promise<ActInHand[]> =>
  (await vault.range<ActInHand>(collection, { skipDamaged: true })).map(({ value }) => value);
