import type { Core } from "../client/core.ts";
import { packetRows, seenPackets } from "../conversation/content/packetIndex.ts";
import { SkrumbleError, throwIfAborted } from "../errors/index.ts";
import type { PacketHistory } from "../types/packets.ts";
import type { MessageId, Millis } from "../types/primitives.ts";
import { addUp, entryOf, isMine, type Known, mayChange, unsureEntry } from "./entries.ts";
import { isLate } from "./finish.ts";
import { isHeld } from "./follow.ts";
import { lookAtPacket } from "./look.ts";
import { keptPackets, type MadePacket } from "./records.ts";
import { noteUnseen, unseenPackets } from "./unseen.ts";

const defaultPage = 30;
const maxPage = 100;
/** Looked at on chain at the same time. */
const atOnce = 4;

/** What one gave and opened, newest first, see `Packets.history`. */
export async function packetHistory(
  core: Core,
  { before = Number.POSITIVE_INFINITY, limit = defaultPage, fresh = false }: PacketPage,
): Promise<PacketHistory> {
  const { made } = await keptPackets(core.vault);
  const known = await knownPackets(core);
  const unsure = (await inDoubt(core, made, fresh)).map((packet) => unsureEntry(core, packet));
  const timesOf = (all: Known[]) =>
    [...all.filter(isMine).map(({ row }) => row.at), ...unsure.map(({ at }) => at)]
      .filter((at) => at < before)
      .sort((a, b) => b - a);
  const end = timesOf(known)[Math.min(Math.max(limit, 1), maxPage) - 1] ?? Number.NEGATIVE_INFINITY;
  // All of one moment are on the same page.
  const isOnPage = (at: Millis) => at < before && at >= end;
  const looked = fresh
    ? await lookAll(core, [
        ...known.filter((one) => isMine(one) && isOnPage(one.row.at) && mayChange(one)),
        ...unseenPackets(
          core,
          known.filter(({ row }) => row.at < before),
        ),
      ])
    : new Set();
  const now = looked.size > 0 ? await knownPackets(core) : known;
  const packets = [
    ...now
      .filter((one) => isOnPage(one.row.at) && isMine(one))
      .map((one) => entryOf(core, one, looked.has(one.row.id) || !mayChange(one))),
    ...unsure.filter(({ at }) => isOnPage(at)),
  ].sort((a, b) => b.at - a.at);
  return { packets, sums: addUp(now), ...(timesOf(now).some((at) => at < end) ? { next: end } : {}) };
}

interface PacketPage {
  before?: Millis;
  limit?: number;
  fresh?: boolean;
}

/** In conversations that this device has. */
async function knownPackets(core: Core): Promise<Known[]> {
  const own = core.self.identity.publicId;
  const seen = await seenPackets(core.vault);
  return (await packetRows(core.vault))
    .filter(({ conversationId }) => core.threads.get(conversationId) !== undefined)
    .map((row) => ({ row, given: row.from === own, seen: seen.get(row.id) }));
}

/** The wallet may have sent it, or somebody may submit what was signed; nobody is making it at this moment. */
const isUnsure = (core: Core, { messageId, packetId, signature, sends }: MadePacket): boolean =>
  packetId === undefined && (signature !== undefined || sends?.asked === true) && !isHeld(core, messageId);

/** An hour after the wallet was asked, when nothing of it waits, nobody is in doubt any more; the chain says so. */
async function inDoubt(core: Core, made: MadePacket[], fresh: boolean): Promise<MadePacket[]> {
  const found: MadePacket[] = [];
  for (const packet of made.filter((one) => isUnsure(core, one))) {
    const isOld = fresh && packet.sends !== undefined && core.now() / 1000 >= packet.validBefore;
    if (!isOld || !(await isLate(core, packet).catch(() => false))) found.push(packet);
  }
  throwIfAborted(core.signal);
  return found;
}

/** Those that two operators told of. Where there is no chain the others are not even tried. */
async function lookAll(core: Core, waiting: Known[]): Promise<Set<MessageId>> {
  const looked = new Set<MessageId>();
  const queue = [...waiting];
  const work = async () => {
    for (let one = queue.shift(); one && !core.signal.aborted; one = queue.shift()) {
      const { conversationId, id } = one.row;
      try {
        await lookAtPacket(core, conversationId, id);
        looked.add(id);
        if (!isMine(one)) await noteUnseen(core, one.row);
      } catch (error) {
        if (!(error instanceof SkrumbleError)) throw error;
        if (error.code === "CHAIN_UNREACHABLE") queue.length = 0;
        else if (!isMine(one) && !core.signal.aborted) await noteUnseen(core, one.row, error.code);
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  throwIfAborted(core.signal);
  return looked;
}
