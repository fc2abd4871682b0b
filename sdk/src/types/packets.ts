import type { WalletSigner } from "./client.ts";
import type { Message } from "./conversation.ts";
import type { AssetId } from "./money.ts";
import type { Address, ConversationId, MessageId, Millis, PublicId } from "./primitives.ts";

export interface PacketInput {
  /** SKM, the chain's coin, or any other token of the network's chain. */
  asset: AssetId;
  /** In the asset's smallest unit; at least one for each share. */
  amount: bigint;
  /** 1 to 100. */
  shares: number;
  /** By luck, or all equal. */
  lucky: boolean;
  /** From a minute to 365 days from now; in whole seconds. */
  expiresAt: Millis;
  /** At most 140 characters; stays in the conversation. */
  message?: string;
  /** The person knows that the wallet may have sent a packet of the same sum, and that this is to take its place: see PACKET_UNSURE. */
  replace?: boolean;
}

/** A red packet as the history shows it: its sender's words. What is in it the chain says, see {@link PacketView}. */
export interface PacketBody {
  type: "packet";
  packetId: number;
  asset: AssetId;
  shares: number;
  lucky: boolean;
  expiresAt: Millis;
  message?: string | undefined;
}

/**
 * What it is for this person. `open`: they can take a share. `waiting`: they have a share, its amount is still to be drawn.
 * `received`: they have it. `empty`: others have all shares. `expired`: nobody can take one any more, and the rest is still
 * there. `refunded`: the rest went back.
 */
export type PacketState = "open" | "waiting" | "received" | "empty" | "expired" | "refunded";

/** Somebody's share. */
export interface PacketShare {
  /** 1 for the first who took one. */
  place: number;
  /** Their identity as the registry has it; undefined when it cannot be read now. */
  publicId?: PublicId;
  pseudonym?: string;
  wallet: Address;
  /** Undefined until it is drawn. */
  amount?: bigint;
  /** The largest one of a lucky packet, once no other can come; of two equal ones the earlier. */
  luckiest?: true;
}

/** A packet as the chain has it now. */
export interface PacketView {
  messageId: MessageId;
  packetId: number;
  asset: AssetId;
  /** Wallet that paid, and gets the rest. */
  creator: Address;
  state: PacketState;
  /** What came in. */
  total: bigint;
  /** What nobody has yet. */
  left: bigint;
  shares: number;
  /** How many took one, and how many of them have their amount. */
  taken: number;
  paid: number;
  lucky: boolean;
  /** Its creator was away too long: from then on shares are equal. */
  luckOver: boolean;
  expiresAt: Millis;
  /** In the order in which they were taken. */
  people: PacketShare[];
  /** This person's share. */
  mine?: PacketShare;
  /** Nothing of it can change any more, but that what is kept is fetched. */
  done: boolean;
  /** Of this person's share: could not be paid, and is kept on chain for their wallet. */
  kept?: bigint;
  /** What nobody took, and went back to its creator. */
  returned?: bigint;
  /**
   * The rest could not be sent back, and this device, which made the packet, tries no more by itself: the token or the wallet refuses it
   * (PAYMENT_REFUSED), or nothing is there (PACKET_NOTHING_LEFT). `refund` tries once more.
   */
  refundStopped?: { code: string };
}

/**
 * How a packet is as a whole. `open`: shares can be taken. `taken`: all are. `over`: its time is over, and the rest is still there.
 * `refunded`: the rest went back. `unsure`: this person's wallet was asked for it, and the chain does not show it (yet).
 */
export type PacketStage = "open" | "taken" | "over" | "refunded" | "unsure";

/** One line of the history of the packets that one gave, or opened. Amounts are undefined where the chain was never asked. */
export interface PacketEntry {
  conversationId: ConversationId;
  /** Of one that is `unsure`: the message that it will be. */
  messageId: MessageId;
  at: Millis;
  from: PublicId;
  /** One's own. */
  given: boolean;
  asset: AssetId;
  stage: PacketStage;
  shares: number;
  lucky: boolean;
  message?: string | undefined;
  expiresAt: Millis;
  /** How many took a share. */
  taken?: number;
  /** What came in, what nobody has yet, and what went back. */
  total?: bigint;
  left?: bigint;
  returned?: bigint;
  /** One's own share; without an amount while it is to be drawn. */
  mine?: { amount?: bigint };
  /** Of one's own share: kept on chain, see `ConversationPackets.withdraw`. */
  kept?: bigint;
  /** When the chain showed this; undefined where it was never asked. */
  seen?: Millis;
  /** The chain was asked just now, or it cannot change any more. Else this is what the device remembers. */
  current: boolean;
}

/** In the asset's smallest unit, over all packets that this device knows. */
export interface PacketSum {
  asset: AssetId;
  /** What one put into packets, without what came back. */
  given: bigint;
  /** One's shares. */
  got: bigint;
}

export interface PacketHistory {
  /** Newest first. */
  packets: PacketEntry[];
  /** Where there is more: `before` of the next page. */
  next?: Millis;
  sums: PacketSum[];
}

/**
 * What a wallet is asked for: `sign` a payment; sign a `permit`, or send an approval (`approve`), by which the packets may take just the
 * sum of a token; `send` the packet.
 */
export type PacketPrompt = "sign" | "permit" | "approve" | "send";

/** What packets may still take from a wallet. Nobody but that wallet can have it taken. */
export interface AllowanceLeft {
  asset: AssetId;
  /** Wallet that gave it, which the identity may have left since. */
  owner: Address;
  amount: bigint;
}

/** Red packets of all conversations. */
export interface Packets {
  /**
   * The packets that one gave, was asked to give (`unsure`), or opened: 30 at a time, 100 at most. From what this device keeps, at once and
   * without a network; with `fresh` those that can still change are looked at on chain, by two operators, and remembered. Where
   * that is impossible the entries are the remembered ones, not `current`.
   *
   * @example
   * const { packets, sums, next } = await client.packets.history({ fresh: true });
   * if (next !== undefined) await client.packets.history({ before: next });
   */
  history(page?: { before?: Millis; limit?: number; fresh?: boolean }): Promise<PacketHistory>;
  /**
   * What the wallet will be asked for a packet, in this order; two or three prompts where the token has to be allowed first.
   * @throws SkrumbleError PACKET_ASSET_UNSUPPORTED, CHAIN_REJECTED (no token there), CHAIN_UNREACHABLE, QUORUM_FAILED
   */
  prompts(packet: { asset: AssetId; amount: bigint }): Promise<readonly PacketPrompt[]>;
  /**
   * Allowances that were given for a packet of which nothing came; or nothing yet, where it is `unsure`. A token that does not answer is left out.
   * @throws SkrumbleError CHAIN_UNREACHABLE, QUORUM_FAILED
   */
  allowances(): Promise<AllowanceLeft[]>;
  /**
   * One transaction of the wallet that gave it, after which the packets may take nothing of a token.
   * @throws SkrumbleError WALLET_WRONG_ACCOUNT, WALLET_CANNOT_SEND, WALLET_REFUSED, WALLET_FAILED, WALLET_WRONG_CHAIN,
   * WALLET_SEND_UNSURE (it goes on by itself), CHAIN_STALLED, CHAIN_REJECTED, CHAIN_UNREACHABLE, QUORUM_FAILED
   */
  disallow(left: Pick<AllowanceLeft, "asset" | "owner">, wallet: WalletSigner): Promise<void>;
}

/** Red packets of one conversation: sums in shares, one for each person who opens them. */
export interface ConversationPackets {
  /**
   * One prompt of the wallet, then the packet is made on chain and said in the conversation; both go on by themselves after a
   * restart, and it can never be paid twice. SKM needs a signature, the chain's coin a transaction of the wallet; other tokens one more
   * prompt before that, to let the packets take the sum: a signature where the token has permits (EIP-2612), else a transaction.
   * While this client is open it draws lucky shares; a client that is away for 200 blocks after somebody opened its packet makes the
   * shares that are left equal. After expiry it has the rest sent back.
   *
   * @example
   * const { id } = await conversation.packets.create(
   *   { asset, amount: 88n * 10n ** 18n, shares: 5, lucky: true, expiresAt: Date.now() + 86_400_000, message: "Happy new year" },
   *   wallet,
   * );
   * const stop = conversation.packets.watch(id, ({ taken, shares }) => console.log(`${taken} of ${shares} opened`));
   *
   * @returns the message, once the packet is on chain
   * @throws SkrumbleError INPUT_INVALID, PACKET_ASSET_UNSUPPORTED (another chain's), ASSET_UNKNOWN, PACKET_TOO_SMALL, PACKET_EXPIRY_INVALID,
   * AMOUNT_OVER_BALANCE, IDENTITY_REVOKED, WALLET_WRONG_ACCOUNT (it is not the identity's: others would not believe the packet),
   * WALLET_REFUSED, WALLET_FAILED, WALLET_CHANGED_ACCOUNT, WALLET_WRONG_CHAIN, CHAIN_STALLED (also where the wallet's
   * approval is not on chain after two minutes: the packet was not sent, and once that is there the next try needs none),
   * CHAIN_UNREACHABLE (it goes on by itself), PACKET_NOT_MADE, and what sending a text throws. Where the wallet sends it itself:
   * WALLET_CANNOT_SEND, WALLET_SEND_UNSURE (it goes on by itself), PAYMENT_REFUSED (the token refuses), PACKET_UNSURE (the wallet may
   * have sent the same before), PACKET_UNDER_WAY, ABORTED (given up for another one), QUORUM_FAILED (operators differ on whether it would be refused)
   */
  create(input: PacketInput, wallet: WalletSigner): Promise<Message>;
  /**
   * Takes a share for this person. No wallet is asked: this device and the packet's key sign. The share is paid to the wallet
   * that owns the identity.
   * @returns what it is now: `received`, or `waiting` to be drawn
   * @throws SkrumbleError PACKET_ALREADY_CLAIMED, PACKET_EMPTY, PACKET_EXPIRED, PACKET_NOT_ELIGIBLE, PACKET_KEYS_CHANGED, PACKET_NEEDS_OTHER_DEVICE,
   * PACKET_INVALID, MESSAGE_UNKNOWN, CHAIN_STALLED, CHAIN_UNREACHABLE, QUORUM_FAILED
   */
  claim(messageId: MessageId): Promise<PacketView>;
  /** @throws SkrumbleError PACKET_INVALID (no such packet, or another one), MESSAGE_UNKNOWN, CHAIN_UNREACHABLE, QUORUM_FAILED */
  look(messageId: MessageId): Promise<PacketView>;
  /**
   * Looks now and whenever something may have changed, until it is stopped or nothing can change any more.
   * @param failed it could not be looked at this time; it goes on looking
   * @returns stops it
   */
  watch(
    messageId: MessageId,
    listener: (view: PacketView) => void,
    failed?: (problem: { code: string }) => void,
  ): () => void;
  /**
   * Sends what nobody took back to the wallet that paid. Anybody may ask for it; nothing is sent where it would be refused.
   * @throws SkrumbleError PAYMENT_REFUSED (the token, or the creator's contract, does not take it), PACKET_NOT_EXPIRED, PACKET_SHARES_PENDING (drawn or settled within 200 blocks), PACKET_NOTHING_LEFT,
   * PACKET_INVALID, MESSAGE_UNKNOWN, CHAIN_STALLED, CHAIN_UNREACHABLE, QUORUM_FAILED
   */
  refund(messageId: MessageId): Promise<PacketView>;
  /**
   * Fetches this person's share that could not be paid: their wallet sends for it. Never more than once: the contract remembers.
   * @param to another wallet to get it, where the reason is the share's own
   * @throws SkrumbleError PACKET_NOTHING_LEFT (nothing is kept), PAYMENT_REFUSED (it cannot be paid there either), WALLET_WRONG_ACCOUNT (the
   * share is another wallet's), WALLET_CANNOT_SEND, WALLET_REFUSED, WALLET_FAILED, WALLET_WRONG_CHAIN, WALLET_SEND_UNSURE (it goes on by
   * itself), PACKET_INVALID, MESSAGE_UNKNOWN, CHAIN_STALLED, CHAIN_REJECTED, CHAIN_UNREACHABLE, QUORUM_FAILED
   */
  withdraw(messageId: MessageId, wallet: WalletSigner, to?: Address): Promise<PacketView>;
}
