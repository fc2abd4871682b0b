import { toHex } from "@skrumble/sdk/protocol";
import {
  type CursorStore,
  createRelayPool,
  type IncomingPayload,
  type MailboxOwner,
  type RelayInfo,
  type RelayPool,
  type RelayPoolLimits,
} from "@skrumble/sdk/relay";
import { onTestFinished } from "vitest";
import { numberOf, type TestOwner } from "./wire.ts";

/** Short waits, so that fail-over happens within a test. */
const BRISK: Partial<RelayPoolLimits> = {
  connectTimeout: 3_000,
  requestTimeout: 3_000,
  depositTimeout: 5_000,
  backoffMin: 50,
  backoffMax: 400,
};

export function poolOver(relays: RelayInfo[], limits: Partial<RelayPoolLimits> = {}): RelayPool {
  const pool = createRelayPool({ directory: async () => relays, limits: { ...BRISK, ...limits } });
  onTestFinished(() => pool.close());
  return pool;
}

export function memoryCursors(): CursorStore {
  const cursors = new Map<number, bigint>();
  return { get: async (id) => cursors.get(id), set: async (id, seq) => void cursors.set(id, seq) };
}

export function asMailboxOwner(owner: TestOwner, cursors: CursorStore = memoryCursors()): MailboxOwner {
  return {
    ...{ publicId: toHex(owner.publicId), deviceKey: owner.deviceKey, reader: owner.reader, cursors },
    deviceCert: owner.cert,
    sign: async (message) => owner.sign(message),
  };
}

/** Collects what a mailbox brings and lets a test wait for it. */
export function collect(pool: RelayPool, owner: MailboxOwner, before?: (incoming: IncomingPayload) => Promise<void>) {
  const numbers: number[] = [];
  let wake: () => void = () => undefined;
  const subscription = pool.own(owner, async (incoming) => {
    await before?.(incoming);
    numbers.push(numberOf(incoming.payload));
    wake();
  });
  return {
    subscription,
    numbers,
    /** Resolves when every one of these has arrived. */
    async has(...wanted: number[]): Promise<void> {
      while (!wanted.every((number) => numbers.includes(number))) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}
