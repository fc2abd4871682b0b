import { readBlock } from "../chain/actions/readBlock.ts";
import { readPacket } from "../chain/actions/readPacket.ts";
import { readTicket } from "../chain/actions/readTicket.ts";
import type { Core } from "../client/core.ts";
import { createRounds } from "../client/createRounds.ts";
import { codeOf } from "../errors/index.ts";
import type { MessageId } from "../types/primitives.ts";
import { findMade, finishPacket, isVoid, refusals } from "./finish.ts";
import { payWaiting } from "./payWaiting.ts";
import { type AwaitedPacket, dropAwaited, dropMade, keptPackets, type MadePacket } from "./records.ts";
import { refundStep } from "./refundStep.ts";
import { ownId } from "./verified.ts";

/** Packets that are being made by a call of the program, which goes on with them itself. */
const held = new WeakMap<Core, Set<MessageId>>();
function heldOf(core: Core): Set<MessageId> {
  const found = held.get(core) ?? new Set();
  held.set(core, found);
  return found;
}

const pauses = { soon: 1000, later: 8000, rarely: 300_000 };
/** `stopped`: nothing is done any more, but it is kept, so that this can be said. */
type Pace = "done" | "stopped" | keyof typeof pauses;

/** A call of the program goes on with it. */
export const isHeld = (core: Core, messageId: MessageId): boolean => heldOf(core).has(messageId);

/** Until it is released, a packet is left alone. */
export function holdPacket(core: Core, messageId: MessageId): () => void {
  const held = heldOf(core);
  held.add(messageId);
  return () => held.delete(messageId);
}

/**
 * Goes on with the packets that this device makes, and with those of others in which it has a share to be drawn. It asks the
 * chain only while there are any: often while something is about to happen, else rarely.
 */
const rounds = createRounds(async (core) => {
  const paces = await everyPacket(core).catch((): Pace[] => ["later"]);
  const pace = (["soon", "later", "rarely"] as const).find((one) => paces.includes(one));
  return pace && pauses[pace];
});

/** There is something to do, or may be: at the start, and whenever a packet was made or claimed. */
export const wakePackets = (core: Core): void => rounds.wake(core);

/** Resolves when nothing is under way any more. */
export const packetsIdle = (core: Core): Promise<void> => rounds.idle(core);

async function everyPacket(core: Core): Promise<Pace[]> {
  const held = heldOf(core);
  const { made, awaited } = await keptPackets(core.vault);
  const steps = [
    ...made
      .filter(({ messageId }) => !held.has(messageId))
      .map((packet) => ({ step: () => ownStep(core, packet), drop: () => dropMade(core.vault, packet.messageId) })),
    ...awaited.map((packet) => ({
      step: () => awaitedStep(core, packet),
      drop: () => dropAwaited(core.vault, packet.messageId),
    })),
  ];
  const paces: Pace[] = [];
  for (const { step, drop } of steps) {
    if (core.signal.aborted) break;
    const pace = await step().catch((): Pace => "later");
    if (pace === "done") await drop();
    paces.push(pace);
  }
  return paces;
}

async function ownStep(core: Core, made: MadePacket): Promise<Pace> {
  const { chain, signal } = core;
  // The wallet was never heard: nobody has its signature. What it was to send by itself it may have sent.
  if (made.signature === undefined && !made.sends?.asked) return "done";
  const { refused } = made;
  // Whoever saw the signature may have submitted it after it was refused. A prompt may be answered as long as the packet is not
  // over; after an hour that is hardly ever so.
  const isOld = made.sends !== undefined && core.now() / 1000 > made.validBefore;
  if (made.packetId === undefined && (refused || isOld) && !(await findMade(core, made)) && !(await isVoid(core, made)))
    return isOld ? "rarely" : "later";
  await finishPacket(core, made).catch((error) => {
    // The conversation was left: the packet goes on all the same, and comes back when it expires.
    if (made.packetId !== undefined) return;
    // Nobody waits for it any more. Who was told at the time need not hear it again.
    if (!refused && refusals.includes(codeOf(error)) && !core.signal.aborted) core.problem(codeOf(error));
    throw error;
  });
  if (made.packetId === undefined) return "later";
  const packetId = BigInt(made.packetId);
  const packet = await readPacket(chain, packetId, { quorum: true, signal });
  if (!packet) return "later";
  const { issued, paid, shares, left, expiresAt } = packet;
  if (paid === shares || left === 0n) return "done";
  if (issued > paid) return payWaiting(core, { packetId: made.packetId, block: made.block ?? made.from }, packet, made);
  if ((await readBlock(chain, undefined, signal)).timestamp < expiresAt) return isYoung(core, made) ? "soon" : "later";
  return refundStep(core, made, packetId);
}

async function awaitedStep(core: Core, { packetId, block }: AwaitedPacket): Promise<Pace> {
  const { chain, signal } = core;
  const packet = await readPacket(chain, BigInt(packetId), { quorum: true, signal });
  const identityId = await ownId(core);
  if (!packet || identityId === undefined) return "done";
  const ticket = await readTicket(chain, { packetId: BigInt(packetId), identityId }, { quorum: true, signal });
  if (ticket) return ticket.place <= packet.paid ? "done" : payWaiting(core, { packetId, block }, packet);
  const isGone = packet.issued === packet.shares || packet.left === 0n;
  if (isGone || (await readBlock(chain, undefined, signal)).timestamp >= packet.expiresAt) return "done";
  return "later";
}

/** People open a packet soon after it comes, or hours later. */
const isYoung = (core: Core, { validBefore }: MadePacket): boolean => core.now() / 1000 < validBefore - 3000;
