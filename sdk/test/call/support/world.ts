import { type CallSignal, type Calls, createCalls } from "../../../src/call/index.ts";
import type { Call, Contact } from "../../../src/types/client.ts";
import type { PublicId } from "../../../src/types/primitives.ts";
import { FakeClock, FakeNetwork, FakePeer, fakeMedia, fakeRtc, settle } from "./fakeRtc.ts";

/** People with devices, and the signals between them lying on a table until the test delivers, loses or doubles them. */

export interface Device {
  name: string;
  person: Name;
  calls: Calls;
  /** Every call this device has seen, oldest first. */
  seen: Call[];
  missed: number;
}

export type Name = "ann" | "ben" | "cat";

export interface Flying {
  from: Device;
  to: Device;
  contact: PublicId;
  own: boolean;
  signal: CallSignal;
}

export const IDS: Record<Name, PublicId> = {
  ann: `0x${"a".repeat(64)}`,
  ben: `0x${"b".repeat(64)}`,
  cat: `0x${"c".repeat(64)}`,
};
const NAMES = Object.keys(IDS) as Name[];

export class World {
  clock = new FakeClock();
  network = new FakeNetwork();
  flying: Flying[] = [];
  devices: Device[] = [];
  certified: string[] = [];
  /** Whose tier, as last known, has no video calls, and whose has them by now. */
  withoutVideo = new Set<PublicId>();
  bought = new Set<PublicId>();
  /** Devices whose client was changed and asks for nobody's tier. */
  changed = new Set<string>();
  /** A look at the chain takes until then. */
  looking: Promise<void> = Promise.resolve();
  relays: "up" | "away" | "without receipts" = "up";
  #seed = 1;

  constructor(devices: Record<string, Name>) {
    FakePeer.network = this.network;
    for (const [name, person] of Object.entries(devices)) this.devices.push(this.#device(name, person));
  }

  #device(name: string, person: Name): Device {
    const contacts = new Map(
      NAMES.map((who): [PublicId, Contact] => [
        IDS[who],
        { publicId: IDS[who], pseudonym: who, state: "connected", since: 0, verified: false },
      ]),
    );
    const device: Device = { name, person, seen: [], missed: 0 } as Partial<Device> as Device;
    device.calls = createCalls({
      self: IDS[person],
      signals: (contact) => ({
        send: async (signal, options) => {
          if (this.relays === "away") return;
          this.#send(device, contact, signal);
          if (!options?.live && this.relays === "up") options?.onStored?.();
        },
        // One epoch for everybody: context alone tells calls apart.
        exporter: async (_label, context, length) =>
          new Uint8Array(length).map((_, i) => context[i % context.length] ?? 0),
      }),
      contact: (id) => contacts.get(id),
      turn: async () => [],
      certify: (request, onChange) => {
        this.certified.push(Buffer.from(request.leaf).toString("hex"));
        onChange({ state: "waiting", since: this.clock.now() });
        return () => {};
      },
      rtc: fakeRtc(),
      videoRights: {
        may: (id) => this.changed.has(name) || !this.withoutVideo.has(id),
        ask: async (id) => {
          await this.looking;
          if (this.bought.has(id)) this.withoutVideo.delete(id);
          return this.changed.has(name) || !this.withoutVideo.has(id);
        },
      },
      media: fakeMedia(),
      clock: this.clock,
      random: (length) => this.#random(length),
    });
    device.calls.on("call", (call) => device.seen.push(call));
    device.calls.on("missed", () => device.missed++);
    return device;
  }

  /** Deterministic, so that a failing run can be repeated. */
  #random(length: number): Uint8Array {
    return new Uint8Array(length).map(() => {
      this.#seed = (this.#seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return this.#seed >>> 16;
    });
  }

  #send(from: Device, contact: PublicId, signal: CallSignal): void {
    for (const to of this.devices) {
      if (to === from) continue;
      if (IDS[to.person] === contact) this.flying.push({ from, to, contact: IDS[from.person], own: false, signal });
      else if (to.person === from.person) this.flying.push({ from, to, contact, own: true, signal });
    }
  }

  device(name: string): Device {
    const device = this.devices.find((d) => d.name === name);
    if (!device) throw new Error(`no device ${name}`);
    return device;
  }

  call(name: string): Call | undefined {
    return this.device(name).seen.at(-1);
  }

  state(name: string): string {
    return this.call(name)?.snapshot().state ?? "none";
  }

  end(name: string): unknown {
    return this.call(name)?.snapshot().end;
  }

  async start(from: string, to: Name, video = false, relayedOnly = false): Promise<string> {
    const outcome = this.device(from)
      .calls.start(IDS[to], { video, ...(relayedOnly ? { relayedOnly } : {}) })
      .then(
        () => "ok",
        (error) => String(error.code),
      );
    // The invitation waits a moment for its first candidates.
    await this.clock.advance(20);
    return outcome;
  }

  async deliver(flying: Flying): Promise<void> {
    flying.to.calls.receive({ contact: flying.contact, own: flying.own, signal: structuredClone(flying.signal) });
    await settle();
  }

  /** Everything that flies, in order, until nothing flies any more. */
  async deliverAll(): Promise<void> {
    await settle();
    for (let next = this.flying.shift(); next; next = this.flying.shift()) await this.deliver(next);
  }

  /** Time goes on and nothing is lost. */
  async quiet(ms: number): Promise<void> {
    for (let past = 0; past < ms; past += 500) {
      await this.deliverAll();
      await this.clock.advance(500);
    }
    await this.deliverAll();
  }
}
