import type { Vault, VaultOp } from "../../store/index.ts";
import type { PacketBody, PacketState } from "../../types/packets.ts";
import type { ConversationId, MessageId, Millis, PublicId } from "../../types/primitives.ts";
import { shownPacket } from "./packet.ts";
import type { HistoryMessage } from "./types.ts";

/** All red packets of all conversations, and what the chain last showed of them: to list them without it. */

const collection = "packets";
export const packetsSeenAt = "packets seen";
const keyOf = (conversationId: ConversationId, id: MessageId): string => `${conversationId} ${id}`;

export interface PacketRow {
  conversationId: ConversationId;
  id: MessageId;
  from: PublicId;
  at: Millis;
  /** Without what opens it. */
  body: PacketBody;
}

/** Amounts are decimal: JSON has no number that holds them. */
export interface PacketSeen {
  conversationId: ConversationId;
  id: MessageId;
  at: Millis;
  state: PacketState;
  total: string;
  left: string;
  taken: number;
  returned?: string;
  /** This person's share; without an amount while it is to be drawn. */
  mine?: { amount?: string };
  kept?: string;
  done: boolean;
}

/** To be written together with a message. */
export function packetOps(conversationId: ConversationId, { id, from, at, body }: HistoryMessage): VaultOp[] {
  if (body.type !== "packet") return [];
  const value: PacketRow = { conversationId, id, from, at, body: shownPacket(body) };
  return [{ collection, key: keyOf(conversationId, id), value }];
}

/** To be written when a message goes, whatever it was. */
export const forgetPacket = (conversationId: ConversationId, id: MessageId): VaultOp[] =>
  [collection, packetsSeenAt].map((at) => ({ collection: at, key: keyOf(conversationId, id), delete: true }));

/** In no order. */
export const packetRows = async (vault: Pick<Vault, "range">): Promise<PacketRow[]> =>
  (await vault.range<PacketRow>(collection, { skipDamaged: true })).map(({ value }) => value);

/** By message. */
export async function seenPackets(vault: Pick<Vault, "range">): Promise<Map<MessageId, PacketSeen>> {
  const rows = await vault.range<PacketSeen>(packetsSeenAt, { skipDamaged: true });
  return new Map(rows.map(({ value }) => [value.id, value]));
}

/** What the chain shows of one now. */
export const keepSeen = (vault: Pick<Vault, "write">, seen: PacketSeen): Promise<void> =>
  vault.write([{ collection: packetsSeenAt, key: keyOf(seen.conversationId, seen.id), value: seen }]);
