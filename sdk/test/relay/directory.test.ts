import { expect, test } from "vitest";
import { toHex } from "../../src/crypto/bytes.ts";
import { createRelayPool, RELAY_POOL_LIMITS } from "../../src/relay/index.ts";
import type { RelayClock, RelayInfo } from "../../src/relay/types.ts";

/** When the list of relays is read again. Time passes when the test says so. */

class Clock implements RelayClock {
  time = 1_000_000;
  timers = new Map<number, { at: number; run: () => void }>();
  last = 0;
  now = () => this.time;
  setTimeout = (run: () => void, ms: number) => {
    this.timers.set(++this.last, { at: this.time + ms, run });
    return this.last;
  };
  clearTimeout = (timer: unknown) => void this.timers.delete(timer as number);
  async passes(ms: number): Promise<void> {
    const end = this.time + ms;
    for (;;) {
      const due = [...this.timers].filter(([, { at }]) => at <= end).sort((a, b) => a[1].at - b[1].at)[0];
      if (!due) break;
      this.timers.delete(due[0]);
      this.time = due[1].at;
      due[1].run();
      await settled();
    }
    this.time = end;
    await settled();
  }
}
const settled = () => new Promise((resolve) => setImmediate(resolve));

/** A relay that does not speak the protocol. */
class Babbling {
  static urls: string[] = [];
  onmessage: ((event: { data: unknown }) => void) | undefined;
  constructor(url: string) {
    Babbling.urls.push(url);
    queueMicrotask(() => this.onmessage?.({ data: "hello" }));
  }
  close(): void {}
  send(): void {}
}

const relay: RelayInfo = {
  id: 1,
  endpoint: "http://old.test",
  region: "eu",
  roles: 1,
  signingKey: toHex(new Uint8Array(32).fill(1)),
};
const person = toHex(new Uint8Array(32).fill(2));

function world() {
  const clock = new Clock();
  const state = { reads: 0, relays: [relay], fails: false };
  Babbling.urls = [];
  const pool = createRelayPool({
    clock,
    random: (length) => new Uint8Array(length).fill(255),
    webSocket: Babbling as unknown as typeof WebSocket,
    directory: async () => {
      state.reads++;
      if (state.fails) throw new Error("chain away");
      return state.relays;
    },
  });
  return { clock, state, pool };
}
const { directoryRefresh, directoryPause } = RELAY_POOL_LIMITS;

test("every few minutes, also after a time that failed, until the pool is closed", async () => {
  const { clock, state, pool } = world();
  await pool.refresh();
  const moved = { ...relay, id: 2 };
  state.relays = [moved];
  await clock.passes(directoryRefresh);
  expect(state.reads).toBe(2);
  expect(pool.relaysFor(person)).toEqual([moved]);
  state.fails = true;
  await clock.passes(directoryRefresh);
  expect(state.reads).toBe(3);
  expect(pool.relaysFor(person)).toEqual([moved]);
  await clock.passes(directoryRefresh);
  expect(state.reads).toBe(4);
  await pool.close();
  await clock.passes(10 * directoryRefresh);
  expect(state.reads).toBe(4);
});

test("soon after a relay lied, but not for every lie", async () => {
  const { clock, state, pool } = world();
  await pool.refresh();
  for (let i = 0; i < 3; i++) {
    const deposit = pool.deposit(person, new Uint8Array(512), { ttlSeconds: 60 });
    await expect(deposit).rejects.toMatchObject({ code: "RELAY_LIED" });
  }
  expect(state.reads).toBe(1);
  await clock.passes(directoryPause);
  expect(state.reads).toBe(2);
  await clock.passes(directoryPause);
  expect(state.reads).toBe(2);
  await pool.close();
});

test("and a mailbox is read at the relay's new address from then on", async () => {
  const { clock, state, pool } = world();
  const cursors = { get: async () => undefined, set: async () => undefined };
  const bytes = new Uint8Array(32);
  const deviceCert = { keyVersion: 0, issuedAt: 0, signature: bytes };
  const owner = { publicId: person, deviceKey: bytes, deviceCert, sign: async () => bytes, reader: bytes, cursors };
  pool.own(owner, async () => undefined);
  await settled();
  expect(Babbling.urls).toEqual(["ws://old.test/v1"]);
  state.relays = [{ ...relay, endpoint: "http://new.test" }];
  await clock.passes(directoryPause);
  Babbling.urls = [];
  await clock.passes(2 * RELAY_POOL_LIMITS.backoffMax);
  expect(new Set(Babbling.urls)).toEqual(new Set(["ws://new.test/v1"]));
  await pool.close();
});
