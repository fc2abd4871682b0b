import { vi } from "vitest";
import { concat } from "../../src/crypto/bytes.ts";
import { agreementKeyPair } from "../../src/crypto/keys.ts";
import { mlsSuite } from "../../src/crypto/mls/suite.ts";
import { seal } from "../../src/crypto/seal.ts";
import { signNative } from "../../src/crypto/signatures.ts";
import { createRandom, type Random } from "./random.ts";

/**
 * Makes a run repeatable. Chance, clock and timers, and the order in which cryptography on other threads ends, are the
 * test's own until `stop`: the same seed gives the same run. Nothing goes on unless something is driven.
 */
export interface Replay {
  /** Does the work there is until this is settled; time passes when there is none. What is driven may drive others. */
  driven<T>(task: Promise<T>): Promise<T>;
  /** Resolves after so many pieces of cryptographic work, or when there is none. */
  after(pieces: number): Promise<void>;
  /** Resolves when all is done that can be before time passes. */
  rest(): Promise<void>;
  /** Lets time pass, in milliseconds. */
  pass(ms: number): Promise<void>;
  /** The clock goes on and no timer does, as when a machine sleeps. Milliseconds. */
  sleep(ms: number): void;
  stop(): void;
}

const operations = [
  ...["encrypt", "decrypt", "sign", "verify", "digest"],
  ...["importKey", "exportKey", "deriveBits", "deriveKey", "generateKey"],
] as const;

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

interface Timer {
  at: number;
  run(): void;
}

export async function createReplay(seed: number, start: number): Promise<Replay> {
  // What is done once in a process must not be part of the first run alone.
  await Promise.all([mlsSuite(), signNative(new Uint8Array(32), new Uint8Array(1))]);
  await seal(agreementKeyPair(new Uint8Array(32).fill(1)).public, new Uint8Array(1));
  const chance = createRandom(seed ^ 0x5eed);
  const queue: (() => Promise<void>)[] = [];
  const waiters = new Set<{ left: number; resolve(): void }>();
  const timers = new Map<object, Timer>();
  let now = start;

  const takeTurns = <T>(work: () => Promise<T>): Promise<T> =>
    new Promise((resolve, reject) => queue.push(() => work().then(resolve, reject)));
  const restore = [replaceCrypto(chance, takeTurns), replaceTimers(timers, () => now), replaceChannels(queue)];
  vi.spyOn(Math, "random").mockImplementation(chance.next);
  vi.useFakeTimers({ toFake: ["Date"], now });

  const set = (to: number) => {
    now = to;
    vi.setSystemTime(now);
  };
  const earliest = (): [object, Timer] | undefined => {
    let found: [object, Timer] | undefined;
    for (const one of timers) if (!found || one[1].at < found[1].at) found = one;
    return found;
  };
  const fire = ([handle, { at, run }]: [object, Timer]) => {
    timers.delete(handle);
    set(Math.max(now, at));
    run();
  };
  const release = (all: boolean): boolean => {
    const due = [...waiters].filter((one) => --one.left <= 0 || all);
    for (const one of due) {
      waiters.delete(one);
      one.resolve();
    }
    return due.length > 0;
  };
  /** @returns whether nothing is left to do until time passes */
  const work = async (pieces: number, isOver: () => boolean): Promise<boolean> => {
    for (let done = 0; done < pieces && !isOver(); ) {
      const next = queue.shift();
      if (next) {
        await next();
        release(false);
        done++;
      } else {
        await turn();
        if (queue.length === 0 && !release(true)) return true;
      }
    }
    return false;
  };
  const after: Replay["after"] = (pieces) => new Promise((resolve) => waiters.add({ left: pieces, resolve }));
  let driving = false;
  let passing: { end: number; resolve(): void } | undefined;
  const arrive = ({ end, resolve }: NonNullable<typeof passing>) => {
    set(Math.max(now, end));
    passing = undefined;
    resolve();
  };
  return {
    after,
    rest: () => after(Number.POSITIVE_INFINITY),
    async driven(task) {
      if (driving) return task;
      driving = true;
      const settled = () => {
        driving = false;
      };
      task.then(settled, settled);
      while (driving) {
        // While time passes, a timer may come in the middle of something.
        const some = passing && chance.chance(0.2) ? chance.below(30) : Number.POSITIVE_INFINITY;
        const rested = await work(some, () => !driving);
        if (!driving) break;
        const next = earliest();
        if (next && (passing ? next[1].at <= passing.end : rested)) fire(next);
        else if (passing && rested) arrive(passing);
        else if (rested) throw new Error("This waits for nothing that could happen.");
      }
      return task;
    },
    pass: (ms) =>
      new Promise((resolve) => {
        passing = { end: now + ms, resolve };
      }),
    sleep(ms) {
      for (const timer of timers.values()) timer.at += ms;
      set(now + ms);
    },
    stop() {
      for (const one of restore) one();
      vi.restoreAllMocks();
      vi.useRealTimers();
    },
  };
}

/** What RFC 8410 puts before a bare X25519 secret. */
const pkcs8 = Uint8Array.of(0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x6e, 4, 0x22, 4, 0x20);

function replaceCrypto(chance: Random, takeTurns: <T>(work: () => Promise<T>) => Promise<T>): () => void {
  const subtle = crypto.subtle as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>;
  const { importKey } = crypto.subtle;
  const getRandomValues = <T extends Uint8Array>(bytes: T): T => {
    for (let i = 0; i < bytes.length; i++) bytes[i] = chance.below(256);
    return bytes;
  };
  const generateKey = async (_: unknown, extractable: boolean, usages: KeyUsage[]) => {
    const secret = getRandomValues(new Uint8Array(32));
    const take = importKey.bind(crypto.subtle);
    return {
      privateKey: await take("pkcs8", concat(pkcs8, secret), "X25519", extractable, usages),
      publicKey: await take("raw", agreementKeyPair(secret).public, "X25519", true, []),
    };
  };
  for (const name of operations) {
    const original = name === "generateKey" ? generateKey : subtle[name]?.bind(subtle);
    const queued = (...args: unknown[]) =>
      takeTurns(() => (original as (...args: unknown[]) => Promise<unknown>)(...args));
    Object.defineProperty(subtle, name, { value: queued, configurable: true });
  }
  Object.defineProperty(crypto, "getRandomValues", { value: getRandomValues, configurable: true });
  return () => {
    for (const name of operations) Reflect.deleteProperty(subtle, name);
    Reflect.deleteProperty(crypto, "getRandomValues");
  };
}

function replaceTimers(timers: Map<object, Timer>, now: () => number): () => void {
  const originals = { setTimeout: globalThis.setTimeout, clearTimeout: globalThis.clearTimeout };
  const fakes = {
    setTimeout(run: (...args: unknown[]) => void, ms = 0, ...args: unknown[]) {
      const handle = { unref: () => handle, ref: () => handle };
      timers.set(handle, { at: now() + Math.max(0, ms), run: () => run(...args) });
      return handle;
    },
    clearTimeout(handle: object) {
      if (!timers.delete(handle)) originals.clearTimeout(handle as never);
    },
  };
  Object.assign(globalThis, fakes);
  return () => void Object.assign(globalThis, originals);
}

/** Long work in slices takes a turn between two of them. */
function replaceChannels(queue: (() => Promise<void>)[]): () => void {
  const original = globalThis.MessageChannel;
  class Channel {
    port1: { onmessage?: () => void; close(): void } = { close: () => undefined };
    port2 = { postMessage: () => void queue.push(async () => this.port1.onmessage?.()) };
  }
  Object.assign(globalThis, { MessageChannel: Channel });
  return () => void Object.assign(globalThis, { MessageChannel: original });
}
