import type { ErrorCode } from "../errors/index.ts";
import type { Vault } from "../store/index.ts";
import type { Address, ConversationId, Hex, MessageId, Millis } from "../types/primitives.ts";

/** What must outlive a restart. */

/**
 * A packet that this device makes. Kept before the wallet is asked, and until nothing of it is left: without its key nobody
 * could open the packet, without its secret nothing could be drawn.
 */
export interface MadePacket {
  conversationId: ConversationId;
  messageId: MessageId;
  key: Hex;
  /** Last link of the hash chain; equal shares have none. */
  secret?: Hex;
  creator: Address;
  token: Address;
  /** Decimal: JSON has no number that holds it. */
  amount: string;
  shares: number;
  /** Unix seconds; of the packet, and of the signature. */
  expiresAt: number;
  validBefore: number;
  message?: string;
  /** Newest block when the wallet was asked. */
  from: number;
  /** The wallet agreed. */
  signature?: Hex;
  /**
   * The wallet sends it itself: how many transactions it had sent before, with what waited; whether it was asked to; what it has
   * signed, whose number is then `next`; what it sent.
   */
  sends?: { next: number; asked?: true; signed?: Hex; transaction?: Hex };
  /** The chain refused it. It is watched all the same until the signature is void: whoever saw it can submit it again. */
  refused?: true;
  packetId?: number;
  block?: number;
  /** Of what is left: how often it could not be sent back, why, and when it is tried again. */
  refund?: { failed: number; code: ErrorCode; next: Millis };
}

/** A packet of somebody of which this person has a share that is still to be drawn. */
export interface AwaitedPacket {
  conversationId: ConversationId;
  messageId: MessageId;
  packetId: number;
  block: number;
}

/** A token of which a wallet was asked to let the packets take something. */
export interface AskedAllowance {
  token: Address;
  owner: Address;
  at: Millis;
}

const madeAt = "packets made";
const awaitedAt = "packets awaited";
const allowedAt = "packets allowed";

/** The identity may have another wallet since. */
const allowanceKey = ({ token, owner }: Pick<AskedAllowance, "token" | "owner">) => `${token} ${owner}`.toLowerCase();

export const keepMade = (vault: Vault, made: MadePacket): Promise<void> =>
  vault.write([{ collection: madeAt, key: made.messageId, value: made }]);
export const keepAwaited = (vault: Vault, awaited: AwaitedPacket): Promise<void> =>
  vault.write([{ collection: awaitedAt, key: awaited.messageId, value: awaited }]);

export const keepAllowance = (vault: Vault, asked: AskedAllowance): Promise<void> =>
  vault.write([{ collection: allowedAt, key: allowanceKey(asked), value: asked }]);

export const dropMade = (vault: Vault, messageId: MessageId): Promise<void> =>
  vault.write([{ collection: madeAt, key: messageId, delete: true }]);
export const dropAwaited = (vault: Vault, messageId: MessageId): Promise<void> =>
  vault.write([{ collection: awaitedAt, key: messageId, delete: true }]);

export const dropAllowance = (vault: Vault, asked: Pick<AskedAllowance, "token" | "owner">): Promise<void> =>
  vault.write([{ collection: allowedAt, key: allowanceKey(asked), delete: true }]);

/** One that this device makes; undefined once nothing of it is left to be done. */
export const keptMade = async (vault: Vault, messageId: MessageId): Promise<MadePacket | undefined> =>
  (await vault.getMany<MadePacket>([{ collection: madeAt, key: messageId }], { skipDamaged: true }))[0];

export const askedAllowances = async (vault: Vault): Promise<AskedAllowance[]> =>
  (await vault.range<AskedAllowance>(allowedAt, { skipDamaged: true })).map(({ value }) => value);

export async function keptPackets(vault: Vault): Promise<{ made: MadePacket[]; awaited: AwaitedPacket[] }> {
  const made = await vault.range<MadePacket>(madeAt, { skipDamaged: true });
  const awaited = await vault.range<AwaitedPacket>(awaitedAt, { skipDamaged: true });
  return { made: made.map(({ value }) => value), awaited: awaited.map(({ value }) => value) };
}
