import type { Core } from "../client/core.ts";
import { createSerial } from "../client/serial.ts";
import { toHex } from "../crypto/bytes.ts";
import { asSkrumbleError, SkrumbleError } from "../errors/index.ts";
import type { VaultOp } from "../store/index.ts";
import type { Transfer } from "../types/devices.ts";
import type { Hex } from "../types/primitives.ts";
import { frameTtlSeconds, openMailbox, sealFrame } from "./channel.ts";
import { collect } from "./collect.ts";
import { answerSchema, type Frame } from "./items.ts";
import { linkLifetime } from "./linkText.ts";
import { patiently, waited } from "./patiently.ts";
import { createProgress, type Progress } from "./progress.ts";
import { askOf, backOf, finishSend, forgetFrames, frameOp, loadFrame, type SendRecord, sendOp } from "./sendRecord.ts";

/** Frames under way, and bytes of items in one: a frame fits into a payload of 64 KiB unless a voice message is larger. */
const window = 4;
const frameBytes = 64 * 1024 - 512;
/** What is late waits so long for the new device to be in every conversation. */
const entryPatience = 30_000;

const running = new WeakMap<Core, Map<string, Transfer>>();

export const sendingOf = (core: Core, id: string): Transfer | undefined => running.get(core)?.get(id);

export const sendings = (core: Core): Transfer[] => [...(running.get(core)?.values() ?? [])];

/** Resolves when nothing is being sent; after the client began to close. */
export const sendingIdle = async (core: Core): Promise<void> => {
  await Promise.allSettled(sendings(core).map(({ done }) => done));
};

/** Hands everything over, or goes on with it. */
export function startSending(core: Core, record: SendRecord): Transfer {
  const all = running.get(core) ?? new Map<string, Transfer>();
  running.set(core, all);
  const before = all.get(record.id);
  if (before) return before;
  const stop = new AbortController();
  const { tell, ...progress } = createProgress({ done: record.over, total: record.extent.total });
  const done = run(core, record, stop.signal, tell).finally(() => all.delete(record.id));
  // Told by `done` to whoever waits for it; after a restart that is nobody.
  done.catch(() => undefined);
  const cancel = async () => {
    stop.abort();
    await done.catch(() => undefined);
  };
  const sending: Transfer = { direction: "out", ...progress, done, cancel };
  all.set(record.id, sending);
  core.events.emit("transfer", sending);
  return sending;
}

async function run(core: Core, first: SendRecord, stop: AbortSignal, tell: Progress["tell"]): Promise<void> {
  let record = first;
  let wake = Promise.withResolvers<void>();
  let cancelled = false;
  let answeredAt = core.now();
  let lateSince: number | undefined;
  const ask = askOf(first);
  const disk = createSerial();
  const save = (...also: VaultOp[]) => disk.run("send", () => core.vault.write([sendOp(record), ...also]));
  const nudge = () => wake.resolve();
  const ended = AbortSignal.any([stop, core.signal]);
  ended.addEventListener("abort", nudge, { once: true });
  const mailbox = openMailbox(
    { pool: core.pool, own: backOf(first), ask, direction: "to old", now: core.now() },
    async (received) => {
      const answer = answerSchema.safeParse(received).data;
      if (!answer || answer.id !== first.transfer) return;
      answeredAt = core.now();
      if ("cancel" in answer) cancelled = true;
      else if (answer.got > record.got && answer.got <= record.made) {
        const gone = forgetFrames(record.id, record.got, answer.got);
        const came = answer.got - record.got;
        const over = record.ahead[came - 1] ?? record.over;
        const ahead = record.ahead.slice(came);
        record = { ...record, got: answer.got, over, ahead, device: answer.device as Hex };
        await save(...gone);
        tell({ done: over, total: record.extent.total });
      }
      nudge();
    },
  );
  const deposit = async (payload: Uint8Array) => {
    const options = { ttlSeconds: frameTtlSeconds, signal: ended };
    await patiently(ended, () => core.pool.deposit(toHex(ask.mailbox), payload, options));
  };
  const make = async (): Promise<Uint8Array> => {
    const { items, cursor, messages } = await collect(core, record.extent, record.cursor, frameBytes);
    const { id, made, extent } = record;
    const done = Math.min(record.done + messages, extent.total);
    const over = cursor.stage === "over";
    const frame: Frame = {
      v: 1,
      id: record.transfer,
      n: made,
      done: over ? extent.total : done,
      total: extent.total,
      items,
    };
    const back = backOf(record);
    if (made === 0) frame.back = { mailbox: toHex(back.mailbox.public), opening: toHex(back.opening.public) };
    const payload = await sealFrame(ask, "to new", ask.opening, frame);
    record = { ...record, cursor, made: made + 1, done: frame.done, ahead: [...record.ahead, frame.done] };
    // On disk first: a frame of one number is the same whenever it is sent.
    await save(frameOp(id, made, payload));
    return payload;
  };
  try {
    for (let n = record.got; n < record.made; n++) {
      const payload = await loadFrame(core, record.id, n);
      if (payload) await deposit(payload);
    }
    for (;;) {
      core.signal.throwIfAborted();
      if (stop.aborted || cancelled) throw new SkrumbleError("LINK_CANCELLED");
      const over = record.cursor.stage === "over";
      if (over && record.got === record.made) break;
      if (core.now() - answeredAt > (record.got === 0 ? linkLifetime : frameTtlSeconds * 1000)) {
        throw new SkrumbleError("LINK_EXPIRED");
      }
      if (record.cursor.stage === "late") lateSince ??= core.now();
      const waitsForEntry = lateSince !== undefined && core.now() - lateSince < entryPatience && !isIn(core, record);
      // Nobody gets more than the first frame before they have answered from where it leads.
      const open = record.got === 0 ? record.made === 0 : record.made - record.got < window;
      if (!over && open && !waitsForEntry) {
        await deposit(await make());
        continue;
      }
      await waited(wake.promise, 500);
      wake = Promise.withResolvers<void>();
    }
    await disk.run("send", () => finishSend(core, record.id));
    tell({ done: record.extent.total, total: record.extent.total });
  } catch (error) {
    if (core.signal.aborted) throw new SkrumbleError("CLIENT_CLOSED");
    const reason = stop.aborted ? new SkrumbleError("LINK_CANCELLED") : asSkrumbleError(error);
    if (!cancelled) await tellCancelled(core, record);
    await disk.run("send", () => finishSend(core, record.id));
    throw reason;
  } finally {
    await mailbox.close();
  }
}

/** Whether the new device is in every conversation that this one is in. */
function isIn(core: Core, { device, extent }: SendRecord): boolean {
  return extent.conversations.every(({ id }) => {
    const thread = core.threads.get(id);
    return !thread || thread.left || thread.devices.some((one) => one.device === device);
  });
}

async function tellCancelled(core: Core, record: SendRecord): Promise<void> {
  const ask = askOf(record);
  const payload = await sealFrame(ask, "to new", ask.opening, { v: 1, id: record.transfer, cancel: true });
  // If no relay takes it, the other side's time runs out.
  await core.pool
    .deposit(toHex(ask.mailbox), payload, { ttlSeconds: frameTtlSeconds, signal: core.signal })
    .catch(() => undefined);
}
