import type { Core } from "../../src/client/core.ts";
import { createEmitter } from "../../src/client/events.ts";
import { loadSelf, type Self } from "../../src/client/self.ts";
import { openSession, type Session } from "../../src/client/session.ts";
import { acceptRequest } from "../../src/contacts/accept.ts";
import type { ContactRecord } from "../../src/contacts/book.ts";
import { requestContact } from "../../src/contacts/request.ts";
import { toHex } from "../../src/crypto/bytes.ts";
import { createDevices, type DevicesRoom } from "../../src/devices/createDevices.ts";
import type { IncomingPayload, MailboxOwner, RelayPool } from "../../src/relay/types.ts";
import { createMemoryStore } from "../../src/store/memory.ts";
import type { Store } from "../../src/store/types.ts";
import { openVault, type Vault } from "../../src/store/vault.ts";
import type { ClientEvents } from "../../src/types/client.ts";
import type { Devices } from "../../src/types/devices.ts";
import type { ConversationId, PublicId } from "../../src/types/primitives.ts";
import { chainOver, createRegistry, enrol, type Registry } from "./world.ts";

/** Many devices with everything a joined client has; only relays and chain are maps in memory. */
export interface Crowd {
  registry: Registry;
  devices: Device[];
  /** A device of the person with this seed. */
  open(seed: number, options?: { store?: Store; now?: () => number }): Promise<Device>;
  /** Delivers what waits for devices that are online, until there is nothing left. */
  deliver(): Promise<void>;
  /** Delivers and waits until this holds. */
  until(what: string, holds: () => boolean | Promise<boolean>): Promise<void>;
  /** A device without an identity, in the hands of somebody who has one elsewhere. */
  openBlank(options?: { store?: Store; now?: () => number }): Promise<BlankDevice>;
  /** Mailboxes of transfers between devices, by their ephemeral key. */
  boxes: Map<PublicId, Box>;
  /** Makes two people contacts. @returns their conversation */
  befriend(one: Device, other: Device): Promise<ConversationId>;
  close(): Promise<void>;
}

export interface BlankDevice {
  devices: Devices;
  store: Store;
  /** What it has become. */
  device(): Device | undefined;
  close(): Promise<void>;
}

export interface Box {
  queue: Uint8Array[];
  /** All that was ever put in. */
  seen: Uint8Array[];
  /** How many more are delivered; all of them without. */
  limit?: number;
  handler?: ((incoming: IncomingPayload) => Promise<void>) | undefined;
}

export interface Device {
  publicId: PublicId;
  /** As relays tell it from others. */
  client: number;
  session: Session;
  devices: Devices;
  store: Store;
  online: boolean;
  problems: string[];
  /** Payloads that wait, oldest first. */
  inbox: Uint8Array[];
  /** Takes one payload. */
  take(payload: Uint8Array): Promise<void>;
  /** Texts of a conversation in the order they are shown. */
  texts(id: ConversationId): Promise<string[]>;
  close(): Promise<void>;
}

/** Machines that run tests are busy. */
const patience = Number(process.env.CROWD_PATIENCE ?? 60_000);

export function createCrowd(): Crowd {
  const registry = createRegistry();
  const devices: Device[] = [];
  const boxes: Crowd["boxes"] = new Map();
  let client = 0;

  const boxOf = (id: PublicId): Box => {
    const box = boxes.get(id) ?? { queue: [], seen: [] };
    boxes.set(id, box);
    return box;
  };
  /** Without an identity it has no mailbox but those of transfers. */
  const barePool = () => ({
    async deposit(to: PublicId, payload: Uint8Array) {
      boxOf(to).queue.push(payload.slice());
      boxOf(to).seen.push(payload.slice());
      return { stored: 3, of: 3 };
    },
    own({ publicId }: MailboxOwner, handler: NonNullable<Box["handler"]>) {
      const box = boxOf(publicId);
      box.handler = handler;
      const close = async () => {
        if (box.handler === handler) box.handler = undefined;
      };
      return { ready: Promise.resolve(), close };
    },
  });

  const open: Crowd["open"] = async (seed, { store = createMemoryStore(), now = Date.now } = {}) => {
    const vault = await openVault(store);
    const self = (await loadSelf(vault)) ?? (await enrol(registry, vault, seed));
    return openDevice(vault, self, store, now);
  };

  /** `blank`: what it was before, with its verbs and what is under way. */
  const openDevice = async (
    vault: Vault,
    self: Self,
    store: Store,
    now: () => number,
    blank?: DevicesRoom,
  ): Promise<Device> => {
    const events = createEmitter<ClientEvents>();
    const problems: string[] = [];
    events.on("problem", ({ code }) => problems.push(code));
    let handler: (incoming: IncomingPayload) => Promise<void> = async () => undefined;
    const seen = new Set<string>();
    const number = client++;
    const pool = {
      ...registry.order.poolOf(number),
      refresh: async () => undefined,
      async deposit(to: PublicId, payload: Uint8Array, options: Parameters<RelayPool["deposit"]>[2]) {
        if (!registry.entries.has(to)) return barePool().deposit(to, payload);
        for (const device of devices) if (device.publicId === to) device.inbox.push(payload.slice());
        options.onReceipt?.({ relayId: 1 } as never, 3, 3);
        return { stored: 3, of: 3 };
      },
      own(owner: MailboxOwner, onPayload: typeof handler) {
        if (owner.publicId !== self.identity.publicId) return barePool().own(owner, onPayload);
        handler = onPayload;
        return { ready: Promise.resolve(), close: async () => undefined };
      },
      turn: async () => [],
      status: () => [],
      on: () => () => undefined,
      close: async () => undefined,
    } as unknown as RelayPool;
    const session = await openSession({
      ...{ self, vault, chain: chainOver(registry), pool, events, now },
      options: { relays: [], store },
    });
    const closing = new AbortController();
    const room =
      blank ??
      createDevices(
        {
          ...{ vault, pool, chain: chainOver(registry), now, signal: closing.signal },
          core: () => session.core,
          start: async () => session.core,
        },
        () => session.core,
        () => "https://x",
      );
    if (!blank) await room.resume();
    const device: Device = {
      publicId: self.identity.publicId,
      ...{ client: number, session, devices: room.verbs, store, problems, online: true, inbox: [] },
      async take(payload) {
        const name = toHex(payload.slice(0, 64));
        if (seen.has(name)) return;
        seen.add(name);
        await handler({ payload, relayId: 1, seq: 1n, storedAt: now(), ack: () => undefined });
      },
      async texts(id) {
        const all = await session.core.threads.messages(id, { limit: 10_000 });
        return all.flatMap(({ body }) => (body.type === "text" ? [body.text] : []));
      },
      async close() {
        devices.splice(devices.indexOf(device), 1);
        closing.abort();
        await session.close();
        await vault.close();
      },
    };
    devices.push(device);
    return device;
  };

  const openBlank: Crowd["openBlank"] = async ({ store = createMemoryStore(), now = Date.now } = {}) => {
    const vault = await openVault(store);
    const closing = new AbortController();
    let became: Device | undefined;
    const room: DevicesRoom = createDevices(
      {
        ...{ vault, pool: barePool() as unknown as RelayPool, chain: chainOver(registry), now },
        signal: closing.signal,
        core: () => became?.session.core,
        async start(self) {
          became = await openDevice(vault, self, store, now, room);
          return became.session.core;
        },
      },
      () => became?.session.core as Core,
      () => "https://x",
    );
    await room.resume();
    return {
      ...{ devices: room.verbs, store, device: () => became },
      async close() {
        closing.abort();
        if (became) await became.close();
        else await vault.close();
      },
    };
  };

  const deliver = async () => {
    for (let busy = true; busy; ) {
      busy = false;
      for (const device of devices) {
        while (device.online && device.inbox.length > 0) {
          busy = true;
          await device.take(device.inbox.shift() as Uint8Array);
        }
      }
      for (const box of boxes.values()) {
        while (box.handler && box.queue.length > 0 && (box.limit ?? 1) > 0) {
          busy = true;
          if (box.limit !== undefined) box.limit--;
          const payload = box.queue.shift() as Uint8Array;
          await box.handler({ payload, relayId: 1, seq: 1n, storedAt: Date.now(), ack: () => undefined });
        }
      }
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  };

  const until: Crowd["until"] = async (what, holds) => {
    for (const end = Date.now() + patience; Date.now() < end; ) {
      await deliver();
      if (await holds()) return;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    throw new Error(`Waited in vain for: ${what}`);
  };

  return {
    ...{ registry, devices, boxes, open, openBlank, deliver, until },
    async befriend(one, other) {
      await requestContact(one.session.core, other.publicId);
      const { core } = other.session;
      await until("a request", () => core.book.get(one.publicId)?.state === "request-received");
      const id = await acceptRequest(core, core.book.get(one.publicId) as ContactRecord);
      await until("a conversation", () => one.session.core.book.get(other.publicId)?.state === "connected");
      return id;
    },
    async close() {
      await Promise.all([...devices].map((device) => device.close()));
    },
  };
}
