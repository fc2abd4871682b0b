import { readBlock } from "../chain/actions/readBlock.ts";
import { readIdentity } from "../chain/actions/readIdentity.ts";
import { readKept } from "../chain/actions/readKept.ts";
import type { PacketRecord } from "../chain/actions/readPacket.ts";
import type { Core } from "../client/core.ts";
import type { PacketShare, PacketState, PacketView } from "../types/packets.ts";
import type { ConversationId, MessageId, PublicId } from "../types/primitives.ts";
import { readShares, type Share } from "./readShares.ts";
import { keptMade } from "./records.ts";
import { mostRefundTries } from "./refundStep.ts";
import { rememberSeen } from "./seen.ts";
import { ownId, verifiedPacket, wasLucky } from "./verified.ts";

/** A packet as the chain has it now, with the names of those who have shares. @throws as `ConversationPackets.look` */
export async function lookAtPacket(
  core: Core,
  conversationId: ConversationId,
  messageId: MessageId,
): Promise<PacketView> {
  const { said, packet } = await verifiedPacket(core, conversationId, messageId);
  const { packetId, asset } = said;
  const [shares, own, { timestamp }] = await Promise.all([
    readShares(core, said, packet),
    ownId(core),
    readBlock(core.chain, undefined, core.signal),
  ]);
  const expired = timestamp >= packet.expiresAt;
  const over = packet.paid === packet.shares || (expired && packet.issued === packet.paid);
  const best = over && wasLucky(packet) ? luckiest(shares) : undefined;
  const people = await Promise.all(shares.map((share) => shown(core, share, share === best)));
  const place = shares.find(({ identityId }) => identityId === own)?.place;
  const mine = place === undefined ? undefined : people[place - 1];
  const kept =
    mine?.amount === undefined
      ? 0n
      : await readKept(
          core.chain,
          { packetId: BigInt(packetId), wallet: mine.wallet },
          { quorum: true, signal: core.signal },
        );
  const refund = (await keptMade(core.vault, messageId))?.refund;
  const returned = packet.left === 0n && packet.paid < packet.shares ? packet.total - sumOf(people) : 0n;
  const view: PacketView = {
    ...{ messageId, packetId, asset, creator: packet.creator, state: stateOf(packet, mine, expired) },
    ...{ total: packet.total, left: packet.left },
    ...{ shares: packet.shares, taken: packet.issued, paid: packet.paid },
    ...{ lucky: wasLucky(packet), luckOver: wasLucky(packet) && !packet.lucky },
    expiresAt: packet.expiresAt * 1000,
    done: packet.paid === packet.shares || (packet.left === 0n && packet.issued === packet.paid),
    people,
    ...(mine ? { mine } : {}),
    ...(kept > 0n ? { kept } : {}),
    ...(returned > 0n ? { returned } : {}),
    ...(refund && refund.failed >= mostRefundTries && packet.left > 0n ? { refundStopped: { code: refund.code } } : {}),
  };
  await rememberSeen(core, conversationId, view);
  return view;
}

const sumOf = (shares: readonly PacketShare[]): bigint => shares.reduce((sum, { amount = 0n }) => sum + amount, 0n);

function stateOf(packet: PacketRecord, mine: PacketShare | undefined, expired: boolean): PacketState {
  if (mine) return mine.amount === undefined ? "waiting" : "received";
  if (packet.issued === packet.shares) return "empty";
  if (packet.left === 0n) return "refunded";
  return expired ? "expired" : "open";
}

/** Of two equal ones the earlier. */
const luckiest = (shares: readonly Share[]): Share | undefined =>
  shares.reduce<Share | undefined>(
    (best, share) => ((share.amount ?? 0n) > (best?.amount ?? 0n) ? share : best),
    undefined,
  );

async function shown(core: Core, { place, recipient, amount, identityId }: Share, best: boolean): Promise<PacketShare> {
  const person = await personOf(core, identityId);
  return {
    ...{ place, wallet: recipient },
    ...person,
    ...(amount === undefined ? {} : { amount }),
    ...(best ? { luckiest: true } : {}),
  };
}

const people = new WeakMap<Core, Map<bigint, { publicId: PublicId; pseudonym: string }>>();

/** Nothing when nobody can say: the share is shown without a name. */
async function personOf(core: Core, id: bigint): Promise<{ publicId?: PublicId; pseudonym?: string }> {
  const known = people.get(core) ?? new Map();
  people.set(core, known);
  if (known.has(id)) return known.get(id);
  const record = await readIdentity(core.chain, { id }, { quorum: true, signal: core.signal }).catch(() => undefined);
  if (!record) return {};
  const person = { publicId: record.publicId, pseudonym: record.name };
  known.set(id, person);
  return person;
}
