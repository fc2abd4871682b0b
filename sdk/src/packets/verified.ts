import { privateKeyToAddress } from "viem/accounts";
import { readCreations } from "../chain/actions/readCreations.ts";
import { readIdentity } from "../chain/actions/readIdentity.ts";
import { readOwnerAt } from "../chain/actions/readOwnerAt.ts";
import { type PacketRecord, readPacket } from "../chain/actions/readPacket.ts";
import type { IdentityRecord } from "../chain/types.ts";
import type { Core } from "../client/core.ts";
import type { StoredPacket } from "../conversation/content/packet.ts";
import { SkrumbleError } from "../errors/index.ts";
import type { Address, ConversationId, Hex, MessageId, PublicId } from "../types/primitives.ts";

export const sameAddress = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

/**
 * The packet of a message, and what two operators say of it.
 * Everything that the message says of it is compared, and that its author's wallet paid.
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
    packet !== undefined &&
    sameAddress(packet.key, addressOf(said.key)) &&
    sameAddress(packet.token, said.asset.token) &&
    packet.shares === said.shares &&
    packet.expiresAt * 1000 === said.expiresAt &&
    wasLucky(packet) === said.lucky;
  if (!fits) throw new SkrumbleError("PACKET_INVALID");
  await confirmOrigin(core, { said, packet, author: found.from });
  return { said, packet };
}

/** Whether it was made with luck; that may be over now. */
export const wasLucky = ({ chainHead }: PacketRecord): boolean => BigInt(chainHead) !== 0n;

/** Packets whose origin was found to be as their message says: that stays so. */
const confirmed = new WeakMap<Core, Set<string>>();

/** In the block that the message names, from which on others look for what happened to it; by its author's wallet of that time. */
async function confirmOrigin(
  core: Core,
  { said, packet, author }: { said: StoredPacket; packet: PacketRecord; author: PublicId },
): Promise<void> {
  const { chain, signal } = core;
  const { packetId, block } = said;
  const known = confirmed.get(core) ?? new Set();
  confirmed.set(core, known);
  const key = `${packetId} ${block} ${author}`;
  if (known.has(key)) return;
  const at = { packetId: BigInt(packetId), from: BigInt(block), to: BigInt(block) };
  const [made, wallet] = await Promise.all([
    readCreations(chain, at, signal),
    readOwnerAt(chain, author, block, signal),
  ]);
  const isTrue = made.some((one) => one.packetId === packetId) && wallet && sameAddress(packet.creator, wallet);
  if (!isTrue) throw new SkrumbleError("PACKET_INVALID");
  known.add(key);
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
