import { privateKeyToAddress } from "viem/accounts";
import { readIdentity } from "../chain/actions/readIdentity.ts";
import { type PacketRecord, readPacket } from "../chain/actions/readPacket.ts";
import type { IdentityRecord } from "../chain/types.ts";
import type { Core } from "../client/core.ts";
import type { StoredPacket } from "../conversation/content/packet.ts";
import { SkrumbleError } from "../errors/index.ts";
import type { Address, ConversationId, Hex, MessageId } from "../types/primitives.ts";

export const sameAddress = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

/**
 * The packet of a message, and what two operators say of it.
 * @throws SkrumbleError MESSAGE_UNKNOWN, PACKET_INVALID (there is no such packet, or it is not the message's), CHAIN_UNREACHABLE,
 * QUORUM_FAILED, ABORTED
 */
export async function verifiedPacket(
  core: Core,
  conversationId: ConversationId,
  messageId: MessageId,
): Promise<{ said: StoredPacket; packet: PacketRecord }> {
  const found = await core.threads.message(conversationId, messageId);
  if (found?.body.type !== "packet") throw new SkrumbleError("MESSAGE_UNKNOWN");
  const said = found.body;
  if (said.asset.chainId !== core.chain.network.chainId) throw new SkrumbleError("PACKET_INVALID");
  const packet = await readPacket(core.chain, BigInt(said.packetId), { quorum: true, signal: core.signal });
  const fits =
    packet !== undefined && sameAddress(packet.key, addressOf(said.key)) && sameAddress(packet.token, said.asset.token);
  if (!fits) throw new SkrumbleError("PACKET_INVALID");
  return { said, packet };
}

/** @throws SkrumbleError PACKET_INVALID: not a number between 1 and the order of the curve */
function addressOf(key: Hex): Address {
  try {
    return privateKeyToAddress(key);
  } catch {
    throw new SkrumbleError("PACKET_INVALID");
  }
}

const ids = new WeakMap<Core, bigint>();

/** Number of one's own identity, which stays the same. @throws what {@link readIdentity} throws */
export async function ownId(core: Core): Promise<bigint | undefined> {
  const known = ids.get(core);
  if (known !== undefined) return known;
  const { publicId } = core.self.identity;
  const record = await readIdentity(core.chain, { publicId }, { quorum: true, signal: core.signal });
  if (record) ids.set(core, record.id);
  return record?.id;
}

/** One's own entry of the registry; undefined when it was revoked. @throws what {@link readIdentity} throws */
export async function ownIdentity(core: Core): Promise<IdentityRecord | undefined> {
  const { publicId } = core.self.identity;
  const record = await readIdentity(core.chain, { publicId }, { quorum: true, signal: core.signal });
  return record?.revoked ? undefined : record;
}
