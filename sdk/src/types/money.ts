import type { PayableChain } from "./chains.ts";
import type { WalletSigner } from "./client.ts";
import type { Message } from "./conversation.ts";
import type { Address, Hex, MessageId, Millis, PublicId } from "./primitives.ts";

/** Names an asset: an ERC-20 contract of a chain; the zero address is the chain's own coin. */
export interface AssetId {
  chainId: number;
  token: Address;
}

/** What an asset says of itself, bounded and cleaned; a token's words are nobody's word but its author's. */
export interface Asset extends AssetId {
  symbol: string;
  name: string;
  /** Of its smallest unit: 0 to 77. */
  decimals: number;
  /** It is on the network's own list. Others are shown with a mark. */
  listed: boolean;
  /** How it moves: by a signature that anybody may submit (EIP-3009), or by a transaction that the wallet sends. */
  moves: "signature" | "transaction";
}

/** In the asset's smallest unit. */
export interface Holding {
  asset: Asset;
  balance: bigint;
}

/**
 * How far a payment is. `signed`: the wallet agreed and it is kept here. `sent`: on its way to the chain. `final`: seen on
 * chain with this payer, recipient, asset and amount. `unsure`: what became of it cannot be told; the wallet may have sent it in another
 * way. `differs`: seen on chain, but less moved than was told, or to another wallet:
 * see `moved`. `failed`: it will never be; nothing was paid.
 */
export type PaymentState = "signed" | "sent" | "unsure" | "final" | "differs" | "failed";

/** Payment as both people see it. Everybody's device looks at the chain itself: the state is never the other's word. */
export interface PaymentBody {
  type: "payment";
  asset: AssetId;
  amount: bigint;
  to: PublicId;
  note?: string | undefined;
  /** The request that it answers. */
  request?: MessageId | undefined;
  state: PaymentState;
  /** Why it failed, or does not get on. */
  code?: string;
  transaction?: Hex;
  /** Of one that `differs`: what the chain shows instead. */
  moved?: {
    amount: bigint;
    /** Wallet that got it. */
    wallet: Address;
    /** It is not the recipient's. */
    elsewhere: boolean;
  };
}

/**
 * Somebody asks each of `from` for `amount`. `paid`: whose payments for it are final. `parts`: from whom less has arrived so far,
 * because they paid a part, or in a token that keeps a fee of what moves.
 */
export interface RequestBody {
  type: "request";
  asset: AssetId;
  amount: bigint;
  from: readonly PublicId[];
  note?: string | undefined;
  paid: readonly PublicId[];
  parts?: readonly { person: PublicId; amount: bigint }[];
  state: "open" | "withdrawn";
}

export interface PaymentInput {
  to: PublicId;
  asset: AssetId;
  amount: bigint;
  /** At most 140 characters; stays in the conversation, nothing of it is on chain. */
  note?: string;
  request?: MessageId;
}

/** A payment that a person has looked at. */
export interface PayInput extends PaymentInput {
  /** What they were shown: nothing is signed when anything of it is different now. */
  reviewed?: Pick<PaymentReview, "to" | "amount" | "asset" | "recipient">;
  /** They know that the wallet may have agreed to the same before, and that this is to take its place, as far as that is possible: see PAYMENT_UNSURE. */
  replace?: boolean;
}

/** What a payment would do, to be shown before anybody signs. Read from the chain at this moment. */
export interface PaymentReview {
  to: PublicId;
  amount: bigint;
  asset: Asset;
  /** Wallet that would be paid: the owner of the recipient's identity, as two relays say. */
  recipient: Address;
  balance: bigint;
  /**
   * What keeps it from being paid now: AMOUNT_OVER_BALANCE, CHAIN_STALLED, IDENTITY_REVOKED, IDENTITY_CHANGED,
   * PAYMENT_REFUSED (the token or the recipient's contract would refuse it); on another chain than the network's own
   * GAS_OVER_BALANCE, RECIPIENT_NOT_ON_CHAIN.
   */
  problem?: { code: string };
  /** One has never paid this person. */
  first: boolean;
  /** Another contact whose name looks the same. */
  lookAlike?: string;
  /** The recipient's wallet is another one than at the last payment. */
  changed: boolean;
  /** Only on another chain than the network's own. */
  elsewhere?: PaymentElsewhere;
}

/** What a payment is besides, on another chain than the network's own. */
export interface PaymentElsewhere {
  chain: PayableChain;
  coin: Asset;
  /** What the chain takes at most, in the smallest unit of its coin; missing when the transfer would be refused. */
  fee?: bigint;
  /** The recipient's wallet is a contract: whether the same people hold it on both chains nobody can tell. */
  contract: boolean;
}

export interface RequestInput {
  asset: AssetId;
  /** What each of them is asked for. */
  amount: bigint;
  from: readonly PublicId[];
  note?: string;
}

/** One line of the history of one's payments in all conversations. */
export interface PaymentRecord {
  conversationId: string;
  message: Message;
  at: Millis;
}

/**
 * A payment of this device of which no conversation tells. `asked`: the wallet is being asked. `unsure`: it may have sent it, or may yet;
 * the same is refused meanwhile. `sent`: it did, and it is not final. Otherwise what the chain showed, of one whose conversation is gone.
 */
export interface UntoldPayment {
  id: MessageId;
  conversationId: string;
  at: Millis;
  to: PublicId;
  asset: AssetId;
  amount: bigint;
  note?: string;
  state: "asked" | PaymentState;
  /** Why it failed. */
  code?: string;
  transaction?: Hex;
  /** Of one that `differs`: how much moved instead. */
  moved?: bigint;
}

/** Money of the person, through their own wallet: nothing here can move anything without it. */
export interface Money {
  /** Chains that can be paid on, the network's own first: see `ClientOptions.chains`. */
  chains(): Promise<PayableChain[]>;
  /**
   * The listed assets of a chain and what the wallet has of each; a token that does not behave like one is left out.
   * @param chainId the network's own unless given
   * @throws SkrumbleError CHAIN_UNKNOWN, CHAIN_UNREACHABLE, QUORUM_FAILED
   */
  holdings(chainId?: number): Promise<Holding[]>;
  /**
   * Reads what a token says of itself.
   * @throws SkrumbleError CHAIN_UNKNOWN, ASSET_UNKNOWN (no token there), CHAIN_UNREACHABLE, QUORUM_FAILED
   */
  asset(id: AssetId): Promise<Asset>;
  /** What one paid and was paid, newest first; 50 at a time, 200 at most. */
  history(page?: { before?: Millis; limit?: number }): Promise<PaymentRecord[]>;
  /** What the wallet was asked for on this device and no conversation tells of, newest first. */
  untold(): Promise<UntoldPayment[]>;
}

/** What can be done with money in one conversation. */
export interface ConversationMoney {
  /**
   * @throws SkrumbleError CHAIN_UNKNOWN, ASSET_UNKNOWN, AMOUNT_INVALID, NOT_A_MEMBER, PERSON_NOT_FOUND, MESSAGE_UNKNOWN, REQUEST_WITHDRAWN,
   * INPUT_INVALID, CHAIN_UNREACHABLE, QUORUM_FAILED
   */
  review(input: PaymentInput): Promise<PaymentReview>;
  /**
   * One prompt of the wallet, then the payment goes its way by itself, also after a restart; it can never be made twice. While the
   * wallet may have agreed to the same payment without this client having heard of it, another one is PAYMENT_UNSURE: with `replace`
   * it takes the place of the earlier one, by the same nonce where that is known and free, and the wallet keeps to it; else it is one of
   * its own. Where that nonce is mined and nobody can say by what, it is PAYMENT_UNSURE also with `replace`, until the earlier one's time is
   * over. What another device of the person may
   * just have sent is PAYMENT_ELSEWHERE: with `replace` this is a payment of its own.
   * In a group it is to one member. SKM holds for an hour: a chain that stands still so long has not paid.
   *
   * @example
   * const reviewed = await conversation.money.review(input);
   * if (!reviewed.problem) await conversation.money.pay({ ...input, reviewed }, wallet);
   *
   * @returns the message in the conversation, `signed`
   * @throws SkrumbleError what `review` throws, or names as problem; WALLET_REFUSED, WALLET_FAILED, WALLET_WRONG_ACCOUNT,
   * WALLET_CHANGED_ACCOUNT, WALLET_WRONG_CHAIN, WALLET_CANNOT_SEND, WALLET_SEND_UNSURE (it goes on by itself), PAYMENT_CHANGED (it is not what was reviewed),
   * PAYMENT_MADE (by a closed page: it is in the conversation now), PAYMENT_UNSURE, PAYMENT_ELSEWHERE, ABORTED (given up for another one), and what
   * sending a text throws
   */
  pay(input: PayInput, wallet: WalletSigner): Promise<Message>;
  /** Of at most 64 members. @throws SkrumbleError ASSET_UNKNOWN, AMOUNT_INVALID, NOT_A_MEMBER, and what sending a text throws */
  request(input: RequestInput): Promise<Message>;
  /** One's own request. @throws SkrumbleError MESSAGE_UNKNOWN, MESSAGE_NOT_YOURS */
  withdraw(request: MessageId): Promise<void>;
}
