import { readAgreedHead } from "../chain/actions/readBlock.ts";
import type { PacketRecord } from "../chain/actions/readPacket.ts";
import { type PacketClaim, readPacketEvents } from "../chain/actions/readPacketEvents.ts";
import { logSpan } from "../chain/logs.ts";
import type { Core } from "../client/core.ts";
import { pauseFor } from "../client/pauseFor.ts";
import { SkrumbleError, throwIfAborted } from "../errors/index.ts";

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

/** Most that is looked through at once: a month of blocks, four seconds each. The next look goes on from there. */
const maxSpans = 64;
const rounds = 3;

/**
 * Shares of a packet in the order of their claims, from its events, as two operators say: whose share is the largest, and who was
 * first, does not follow from the record. As many as that says have to be there, and their amounts have to add up to what left it.
 * @param at its number, and the block in which it was made: see verifiedPacket
 * @param packet as two operators say
 * @throws SkrumbleError QUORUM_FAILED (nobody tells what fits yet), CHAIN_UNREACHABLE, ABORTED
 */
export async function readShares(
  core: Core,
  { packetId, block }: { packetId: number; block: number },
  packet: PacketRecord,
): Promise<Share[]> {
  if (packet.issued === 0) return [];
  const packets = known.get(core) ?? new Map<number, Found>();
  known.set(core, packets);
  let last: unknown;
  for (let round = 0; round < rounds; round++) {
    const before = packets.get(packetId) ?? { next: BigInt(block), claims: new Map(), amounts: new Map() };
    if (isWhole(before, packet)) return sharesOf(before, packet);
    // Relays may be a block behind the one that told of the record.
    if (round > 0) await pauseFor(core.signal, 500 * round);
    throwIfAborted(core.signal);
    try {
      const { found, sure } = await scan(core, packetId, before, packet);
      const done = isWhole(found, packet);
      packets.set(packetId, done ? found : sure);
      if (done) return sharesOf(found, packet);
    } catch (error) {
      last = error;
    }
  }
  throwIfAborted(core.signal);
  throw new SkrumbleError("QUORUM_FAILED", { cause: last });
}

/** `sure`: without the newest blocks, of which those that answered may have known as little. */
async function scan(
  core: Core,
  packetId: number,
  before: Found,
  packet: PacketRecord,
): Promise<{ found: Found; sure: Found }> {
  const { number: head } = await readAgreedHead(core.chain, core.signal);
  let [found, sure] = [before, before];
  for (let span = 0; span < maxSpans && found.next <= head && !isWhole(found, packet); span++) {
    const to = found.next + logSpan - 1n < head ? found.next + logSpan - 1n : head;
    const query = { packetId: BigInt(packetId), from: found.next, to };
    const { claims, payments } = await readPacketEvents(core.chain, query, core.signal);
    found = { next: to + 1n, claims: new Map(found.claims), amounts: new Map(found.amounts) };
    for (const claim of claims) found.claims.set(claim.place, claim);
    for (const { identityId, amount } of payments) found.amounts.set(identityId, amount);
    if (to + logSpan <= head) sure = found;
  }
  return { found, sure };
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
