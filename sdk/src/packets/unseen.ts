import type { Core } from "../client/core.ts";
import { keepSeen, type PacketRow } from "../conversation/content/packetIndex.ts";
import type { ErrorCode } from "../errors/index.ts";
import type { MessageId, Millis } from "../types/primitives.ts";
import { isMine, type Known } from "./entries.ts";

/** Looked at for one page, at most: whoever says a thousand packets has nobody ask for all of them. */
const most = 30;
/** One that was looked at is left alone for so long, so that the next page comes to others. */
const pause: Millis = 600_000;

const looks = new WeakMap<Core, Map<MessageId, Millis>>();

/** Somebody else's that this person may have opened on another device, newest first. */
export const unseenPackets = (core: Core, known: readonly Known[]): Known[] =>
  known
    .filter((one) => !isMine(one) && (one.seen === undefined || one.seen.state === "open"))
    .filter(({ row }) => core.now() - (looks.get(core)?.get(row.id) ?? Number.NEGATIVE_INFINITY) >= pause)
    .sort((a, b) => b.row.at - a.row.at)
    .slice(0, most);

/** Notes that one was looked at. What is over, and no true packet, is never looked at again. */
export async function noteUnseen(core: Core, row: PacketRow, code?: ErrorCode): Promise<void> {
  const { conversationId, id, body } = row;
  looks.set(core, (looks.get(core) ?? new Map<MessageId, Millis>()).set(id, core.now()));
  if (code !== "PACKET_INVALID" || body.expiresAt > core.now()) return;
  const nothing = { state: "expired", total: "0", left: "0", taken: 0, done: true } as const;
  await keepSeen(core.vault, { conversationId, id, at: core.now(), ...nothing });
}
