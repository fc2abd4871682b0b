import { createEmitter } from "../../src/client/events.ts";
import { loadSelf } from "../../src/client/self.ts";
import { openSession, type Session } from "../../src/client/session.ts";
import { acceptRequest } from "../../src/contacts/accept.ts";
import type { ContactRecord } from "../../src/contacts/book.ts";
import { requestContact } from "../../src/contacts/request.ts";
import { toHex } from "../../src/crypto/bytes.ts";
import { SkrumbleError } from "../../src/errors/index.ts";
import type { IncomingPayload, RelayPool } from "../../src/relay/types.ts";
import { createMemoryStore } from "../../src/store/memory.ts";
import type { Store } from "../../src/store/types.ts";
import { openVault } from "../../src/store/vault.ts";
import type { ClientEvents } from "../../src/types/client.ts";
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
  /** How relays keep what is deposited: hands on what devices get, now or later, and tells how many relays signed for it. */
  post(to: PublicId, payload: Uint8Array, handOn: (payload: Uint8Array) => void): number;
  /** Makes two people contacts. @returns their conversation */
  befriend(one: Device, other: Device): Promise<ConversationId>;
  close(): Promise<void>;
}

export interface Device {
  publicId: PublicId;
  /** As relays tell it from others. */
  client: number;
  session: Session;
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
  /** Ends without a chance to finish anything; what is on disk can be opened again. */
  kill(): Promise<void>;
}

/** Machines that run tests are busy. */
const patience = Number(process.env.CROWD_PATIENCE ?? 60_000);

export function createCrowd(): Crowd {
  const registry = createRegistry();
  const devices: Device[] = [];
  /** Mail waits for a device while it is closed. */
  const inboxes = new Map<Store, { to: PublicId; inbox: Uint8Array[] }>();
  let client = 0;

  const open: Crowd["open"] = async (seed, { store = createMemoryStore(), now = Date.now } = {}) => {
    let dead = false;
    const vault = await openVault({
      ...store,
      write: async (ops) => {
        if (dead) throw new SkrumbleError("STORE_FAILED");
        await store.write(ops);
      },
    });
    const self = (await loadSelf(vault)) ?? (await enrol(registry, vault, seed));
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
        if (dead) throw new SkrumbleError("NETWORK_UNREACHABLE");
        const stored = crowd.post(to, payload, (kept) => {
          for (const box of inboxes.values()) if (box.to === to) box.inbox.push(kept.slice());
        });
        if (stored === 0) throw new SkrumbleError("NETWORK_UNREACHABLE");
        options.onReceipt?.({ relayId: 1 } as never, 3, 3);
        return { stored: 3, of: 3 };
      },
      own(_: unknown, onPayload: typeof handler) {
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
    const { publicId } = self.identity;
    const { inbox } = inboxes.get(store) ?? { inbox: [] };
    inboxes.set(store, { to: publicId, inbox });
    const device: Device = {
      ...{ publicId, client: number, session, store, problems, online: true, inbox },
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
        await session.close();
        await vault.close();
      },
      async kill() {
        devices.splice(devices.indexOf(device), 1);
        dead = true;
        void session.close().catch(() => undefined);
        await store.close();
      },
    };
    devices.push(device);
    return device;
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

  const crowd: Crowd = {
    ...{ registry, devices, open, deliver, until },
    post: (_, payload, handOn) => {
      handOn(payload);
      return 3;
    },
    async befriend(one, other) {
      await requestContact(one.session.core, other.publicId);
      const { core } = other.session;
      await crowd.until("a request", () => core.book.get(one.publicId)?.state === "request-received");
      const id = await acceptRequest(core, core.book.get(one.publicId) as ContactRecord);
      await crowd.until("a conversation", () => one.session.core.book.get(other.publicId)?.state === "connected");
      return id;
    },
    async close() {
      await Promise.all([...devices].map((device) => device.close()));
    },
  };
  return crowd;
}
