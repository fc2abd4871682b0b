import type { CallClock, CallRtc } from "../call/types.ts";
import { randomBytes, toHexString } from "../crypto/bytes.ts";
import type { Hex, Millis, PublicId } from "../types/primitives.ts";
import { IDLE_MS, MAX_LINES, OPEN_MS, TRY_EVERY_MS } from "./limits.ts";
import { createLine, type Line } from "./line.ts";
import { type DirectSignal, parseDirectSignal } from "./signal.ts";

/** A device of somebody. */
export interface FarDevice {
  publicId: PublicId;
  device: Hex;
}

/** Direct lines to devices of contacts who are there now: messages take them first, relays remain the sure way. */
export interface DirectLines {
  /** A contact's device said something just now: it is there. */
  heard(from: FarDevice): void;
  /** Takes a signal as it came out of the conversation with its sender; anything malformed is dropped. */
  receive(from: FarDevice, signal: unknown): void;
  /** Whether all devices of a person have a payload on disk. At once false where a line is missing. Never rejects. */
  deliver(to: PublicId, payload: Uint8Array): Promise<boolean>;
  /** Devices with an open line. */
  open(): FarDevice[];
  close(): void;
}

export interface LinesInput {
  own: Hex;
  rtc: Pick<CallRtc, "RTCPeerConnection"> | undefined;
  clock: CallClock;
  /** Whether this device may show its address to a contact. */
  allowed(publicId: PublicId): boolean;
  /** All devices of a person, as the registry lists them. */
  devicesOf(publicId: PublicId): readonly Hex[];
  /** STUN servers; empty when no relay has any. */
  servers(): Promise<RTCIceServer[]>;
  /** Says something in the conversation with a person, to whoever listens now. */
  signal(publicId: PublicId, signal: DirectSignal): Promise<void>;
  /** Takes a payload like one out of the mailbox; resolves once it is on disk. */
  take(payload: Uint8Array): Promise<void>;
  makeLine?: typeof createLine;
}

interface Entry extends FarDevice {
  id: string;
  line: Line;
  usedAt: Millis;
  cancel(): void;
}

export function createLines(input: LinesInput): DirectLines {
  const { own, rtc, clock, makeLine = createLine } = input;
  const lines = new Map<Hex, Entry>();
  const tried = new Map<Hex, Millis>();
  let closed = false;

  const drop = (entry: Entry) => {
    entry.cancel();
    if (lines.get(entry.device) === entry) lines.delete(entry.device);
    entry.line.close();
  };
  const closeAfter = (entry: Entry, ms: number) => {
    entry.cancel();
    entry.cancel = clock.after(ms, () => drop(entry));
  };
  const use = (entry: Entry) => {
    entry.usedAt = clock.now();
    closeAfter(entry, IDLE_MS);
  };

  async function open({ publicId, device }: FarDevice, id: string): Promise<Entry | undefined> {
    if (!rtc) return undefined;
    const servers = await input.servers();
    if (closed || !input.allowed(publicId)) return undefined;
    const known = lines.get(device);
    if (known) drop(known);
    if (lines.size >= MAX_LINES) {
      const [idlest] = [...lines.values()].sort((one, other) => one.usedAt - other.usedAt);
      if (idlest) drop(idlest);
    }
    const line = makeLine({
      rtc,
      clock,
      servers,
      async receive(payload) {
        if (!input.allowed(publicId)) throw new Error("not any more");
        use(entry);
        await input.take(payload);
      },
      onOpen: () => use(entry),
      onClosed: () => drop(entry),
    });
    const entry: Entry = { publicId, device, id, line, usedAt: clock.now(), cancel: () => undefined };
    lines.set(device, entry);
    closeAfter(entry, OPEN_MS);
    return entry;
  }

  /** Not more often than once in a while: whoever is offline, or behind a strict router, is reached by relay. */
  function mayTry(device: Hex): boolean {
    const last = tried.get(device);
    if (last !== undefined && clock.now() - last >= 0 && clock.now() - last < TRY_EVERY_MS) return false;
    tried.delete(device);
    tried.set(device, clock.now());
    for (const old of tried.keys()) if (tried.size > 1024) tried.delete(old);
    return true;
  }

  async function offer(to: FarDevice): Promise<void> {
    const id = toHexString(randomBytes(16));
    const entry = await open(to, id);
    if (!entry) return;
    const description = await entry.line.offer();
    await input.signal(to.publicId, { type: "offer", to: to.device, line: id, ...description });
  }

  async function take(from: FarDevice, signal: DirectSignal): Promise<void> {
    const first = own < from.device;
    if (signal.type === "hello") {
      if (first && !lines.get(from.device)?.line.usable() && mayTry(from.device)) await offer(from);
      return;
    }
    const { line, sdp, candidates } = signal;
    if (signal.type === "offer" && !first) {
      const entry = await open(from, line);
      const description = await entry?.line.answer({ sdp, candidates });
      if (description) await input.signal(from.publicId, { type: "answer", to: from.device, line, ...description });
    }
    const asked = lines.get(from.device);
    if (signal.type === "answer" && first && asked?.id === line) await asked.line.take({ sdp, candidates });
  }

  /** A line that does not come about is no problem of anybody's: there are the relays. */
  const quietly = (work: Promise<void>) => void work.catch(() => undefined);

  return {
    heard(from) {
      if (!rtc || closed || !input.allowed(from.publicId) || lines.get(from.device)?.line.usable()) return;
      if (!mayTry(from.device)) return;
      quietly(own < from.device ? offer(from) : input.signal(from.publicId, { type: "hello", to: from.device }));
    },
    receive(from, text) {
      const signal = parseDirectSignal(text);
      if (!rtc || closed || !signal || signal.to !== own || !input.allowed(from.publicId)) return;
      quietly(take(from, signal));
    },
    async deliver(to, payload) {
      if (lines.size === 0 || !input.allowed(to)) return false;
      const devices = input.devicesOf(to);
      const usable = devices.flatMap((device) => {
        const entry = lines.get(device);
        return entry?.line.usable() ? [entry] : [];
      });
      const arrived = await Promise.all(
        usable.map(async (entry) => {
          const ok = await entry.line.send(payload);
          if (ok) use(entry);
          return ok;
        }),
      );
      return devices.length > 0 && arrived.length === devices.length && arrived.every(Boolean);
    },
    open: () =>
      [...lines.values()].filter(({ line }) => line.usable()).map(({ publicId, device }) => ({ publicId, device })),
    close() {
      closed = true;
      for (const entry of [...lines.values()]) drop(entry);
    },
  };
}
