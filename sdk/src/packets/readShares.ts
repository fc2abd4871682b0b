import { readHead } from "../chain/actions/readHead.ts";
import type { PacketRecord } from "../chain/actions/readPacket.ts";
import { type PacketClaim, readPacketEvents } from "../chain/actions/readPacketEvents.ts";
import { logSpan } from "../chain/logs.ts";
import type { RpcEndpoint } from "../chain/types.ts";
import type { Core } from "../client/core.ts";
import { pauseFor } from "../client/pauseFor.ts";
import { SkrumbleError } from "../errors/index.ts";

export interface Share extends PacketClaim {
  /** Undefined until it is drawn. */
  amount?: bigint;
}

/** What was found so far, and the block to go on with. Chain data of all conversations: never longer than a session. */
interface Found {
  next: bigint;
  claims: Map<number, PacketClaim>;
  amounts: Map<bigint, bigint>;
}
const known = new WeakMap<Core, Map<number, Found>>();

/** Most that is looked through for a packet at once: weeks of blocks. */
const maxSpans = 400;
const rounds = 3;

/**
 * Shares of a packet in the order of their claims, from its events. A relay cannot lie about them: as many as the packet's record
 * says have to be there, and their amounts have to add up to what left it.
 * @param packet as two operators say
 * @throws SkrumbleError QUORUM_FAILED (no relay tells what fits), ABORTED
 */
export async function readShares(
  core: Core,
  { packetId, block }: { packetId: number; block: number },
  packet: PacketRecord,
): Promise<Share[]> {
  const packets = known.get(core) ?? new Map<number, Found>();
  known.set(core, packets);
  const before = packets.get(packetId) ?? { next: BigInt(block), claims: new Map(), amounts: new Map() };
  if (packet.issued === 0) return [];
  if (isWhole(before, packet)) return sharesOf(before, packet);
  let last: unknown;
  for (let round = 0; round < rounds; round++) {
    // A relay may be a block behind.
    if (round > 0) await pauseFor(core.signal, 500 * round);
    for (const endpoint of core.chain.rpc.endpoints()) {
      if (core.signal.aborted) throw new SkrumbleError("ABORTED");
      try {
        const found = await scan(core, endpoint, packetId, before, packet);
        if (!isWhole(found, packet)) continue;
        packets.set(packetId, found);
        return sharesOf(found, packet);
      } catch (error) {
        last = error;
      }
    }
  }
  throw new SkrumbleError("QUORUM_FAILED", { cause: last });
}

async function scan(
  core: Core,
  endpoint: RpcEndpoint,
  packetId: number,
  before: Found,
  packet: PacketRecord,
): Promise<Found> {
  const head = await readHead(core.chain, core.signal);
  const found: Found = { next: before.next, claims: new Map(before.claims), amounts: new Map(before.amounts) };
  for (let span = 0; span < maxSpans && found.next <= head && !isWhole(found, packet); span++) {
    const to = found.next + logSpan - 1n < head ? found.next + logSpan - 1n : head;
    const query = { packetId: BigInt(packetId), from: found.next, to };
    const { claims, payments } = await readPacketEvents(core.chain, query, { endpoint, signal: core.signal });
    for (const claim of claims) found.claims.set(claim.place, claim);
    for (const { identityId, amount } of payments) found.amounts.set(identityId, amount);
    found.next = to + 1n;
  }
  return found;
}

function isWhole({ claims, amounts }: Found, { issued, paid, total, left, shares }: PacketRecord): boolean {
  let sum = 0n;
  for (let place = 1; place <= issued; place++) {
    const claim = claims.get(place);
    if (!claim) return false;
    const amount = amounts.get(claim.identityId);
    if (place > paid) continue;
    if (amount === undefined) return false;
    sum += amount;
  }
  // After a refund the record does not say any more what the shares came to.
  return left === 0n && paid < shares ? sum <= total : sum === total - left;
}

const sharesOf = ({ claims, amounts }: Found, { issued, paid }: PacketRecord): Share[] =>
  Array.from({ length: issued }, (_, i) => {
    const claim = claims.get(i + 1) as PacketClaim;
    return i < paid ? { ...claim, amount: amounts.get(claim.identityId) as bigint } : { ...claim };
  });
