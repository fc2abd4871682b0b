import * as z from "zod";
import { fromBase64Url, toBase64Url } from "../crypto/bytes.ts";
import { SkrumbleError } from "../errors/index.ts";
import type { Vault } from "../store/index.ts";
import type { Millis } from "../types/primitives.ts";

/**
 * Opened envelopes that cannot be dealt with in passing: requests and welcomes need the chain, and a message may come
 * before the welcome to its session. They are kept here, so that the mailbox can move on.
 */
export interface Parked {
  /** Resolves when it is on disk. */
  add(envelope: Uint8Array): Promise<void>;
  /** Tries everything again: there is a new session, or the chain is back. */
  wake(): void;
  /** Resolves when nothing is being worked on. */
  idle(): Promise<void>;
  close(): void;
}

/** "done": forget it. "later": cannot be dealt with yet. */
export type ParkedResult = "done" | "later";

const collection = "parked";
const maxParked = 512;
const maxAge = 30 * 86_400_000;
const retryEvery = 5000;

const schema = z.object({ number: z.int(), at: z.number(), envelope: z.string() });
type ParkedRecord = z.infer<typeof schema>;

export interface ParkedOptions {
  vault: Vault;
  now: () => Millis;
  handle: (envelope: Uint8Array) => Promise<ParkedResult>;
}

export async function openParked({ vault, now, handle }: ParkedOptions): Promise<Parked> {
  const rows = await vault.range<ParkedRecord>(collection);
  const records = new Map(rows.map(({ value }) => [value.number, value]));
  let next = Math.max(0, ...records.keys()) + 1;
  let running: Promise<void> | undefined;
  let again = false;
  let closed = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const drop = async (number: number) => {
    records.delete(number);
    await vault.write([{ collection, key: number, delete: true }]);
  };

  const work = async () => {
    do {
      again = false;
      for (const record of [...records.values()]) {
        if (closed) return;
        const result = now() - record.at > maxAge ? "done" : await attempt(handle, fromBase64Url(record.envelope));
        if (result === "done" && !closed) await drop(record.number);
      }
    } while (again && !closed);
    if (records.size > 0 && !closed) timer = setTimeout(wake, retryEvery);
  };

  const wake = () => {
    clearTimeout(timer);
    if (running) {
      again = true;
      return;
    }
    running = work()
      .catch(() => undefined)
      .finally(() => {
        running = undefined;
      });
  };

  return {
    async add(envelope) {
      const record: ParkedRecord = { number: next++, at: now(), envelope: toBase64Url(envelope) };
      // Strangers may write to anybody: the oldest of too many goes.
      const oldest = records.size >= maxParked ? Math.min(...records.keys()) : undefined;
      if (oldest !== undefined) await drop(oldest);
      await vault.write([{ collection, key: record.number, value: record }]);
      records.set(record.number, record);
      wake();
    },
    wake,
    async idle() {
      await running;
    },
    close() {
      closed = true;
      clearTimeout(timer);
    },
  };
}

/** Trouble with network and disk passes; anything else would fail the same way again. */
async function attempt(handle: ParkedOptions["handle"], envelope: Uint8Array): Promise<ParkedResult> {
  try {
    return await handle(envelope);
  } catch (error) {
    const passes = error instanceof SkrumbleError && (error.category === "network" || error.category === "device");
    return passes ? "later" : "done";
  }
}
