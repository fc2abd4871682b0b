import * as z from "zod";
import { fromBase64Url, toBase64Url } from "../crypto/bytes.ts";
import { type ErrorCode, SkrumbleError } from "../errors/index.ts";
import type { Vault } from "../store/index.ts";
import type { Millis, PublicId } from "../types/primitives.ts";

/**
 * Opened envelopes that cannot be dealt with in passing: requests and welcomes need the chain, and a message may come
 * before the welcome to its session. They are kept here, so that the mailbox can move on.
 */
export interface Parked {
  /** Resolves when it is on disk. `from`: who has signed it; a message of a session not known yet has nobody. */
  add(envelope: Uint8Array, from?: PublicId): Promise<void>;
  /** Tries everything again: there is a new session, or the chain is back. */
  wake(): void;
  /** Resolves when nothing is being worked on. */
  idle(): Promise<void>;
  close(): void;
}

/** "done": forget it. "later": cannot be dealt with yet. */
export type ParkedResult = "done" | "later";

const collection = "parked";
/** Of each kind: messages nobody can check do not push requests and welcomes out, nor the other way round. */
const maxOfKind = 256;
const maxPerPerson = 8;
const maxAge = 30 * 86_400_000;
const retryEvery = 5000;
/** What has to wait for something else is tried less and less often, unless somebody says that something has changed. */
const longestRetry = 60_000;
/** What does not fit the registry may only be ahead of it; for so long it is tried again. */
const mismatchAge = 3_600_000;
/** The first pause after something that did not fit; it doubles every time. */
const firstPause = 1000;
const longestPause = 300_000;

const schema = z.object({ number: z.int(), at: z.number(), envelope: z.string(), from: z.string().optional() });
type ParkedRecord = z.infer<typeof schema>;

export interface ParkedOptions {
  vault: Pick<Vault, "range" | "write">;
  now: () => Millis;
  /** `at`: since when it waits. */
  handle: (envelope: Uint8Array, at: Millis) => Promise<ParkedResult>;
  /** People one talks to or has asked: theirs comes first, and strangers' goes first when there is too much. */
  familiar?: (from: PublicId) => boolean;
}

export async function openParked({ vault, now, handle, familiar = () => false }: ParkedOptions): Promise<Parked> {
  const rows = await vault.range<ParkedRecord>(collection);
  const records = new Map(rows.map(({ value }) => [value.number, value]));
  /** People whose last envelope did not fit: none of theirs is tried before `until`. */
  const pauses = new Map<string, { length: Millis; until: Millis }>();
  /** How often each record did not fit, since the start. */
  const failures = new Map<number, number>();
  /** Records that wait for something else, how long the next time, and until when. */
  const laters = new Map<number, { length: Millis; until: Millis }>();
  /** To be tried in this round. */
  const todo = new Set<number>();
  let next = Math.max(0, ...records.keys()) + 1;
  let running: Promise<void> | undefined;
  let closed = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const isStranger = ({ from }: ParkedRecord) => from !== undefined && !familiar(from as PublicId);
  const waitOf = ({ from }: ParkedRecord) => Math.max(0, (pauses.get(from ?? "")?.until ?? 0) - now());

  const drop = async ({ number, from }: ParkedRecord) => {
    records.delete(number);
    failures.delete(number);
    laters.delete(number);
    if (from && ![...records.values()].some((other) => other.from === from)) pauses.delete(from);
    await vault.write([{ collection, key: number, delete: true }]);
  };

  const attempt = async (record: ParkedRecord): Promise<ParkedResult> => {
    const { at, from } = record;
    if (now() - at > maxAge) return "done";
    try {
      const result = await handle(fromBase64Url(record.envelope), at);
      if (from) pauses.delete(from);
      const length = laters.get(record.number)?.length ?? retryEvery;
      laters.set(record.number, { length: Math.min(length * 2, longestRetry), until: now() + length });
      return result;
    } catch (error) {
      const kind = kindOf(error);
      if (kind === "final" || (kind === "mismatch" && now() - at > mismatchAge)) return "done";
      failures.set(record.number, (failures.get(record.number) ?? 0) + 1);
      if (from) {
        const before = pauses.get(from)?.length ?? 0;
        const length = kind === "outage" ? retryEvery : Math.min(longestPause, before * 2 || firstPause);
        pauses.set(from, { length, until: now() + length });
      }
      return "later";
    }
  };

  /** Strangers wait for everybody else, also for what comes while they wait. */
  const nextOf = (): ParkedRecord | undefined => {
    let stranger: ParkedRecord | undefined;
    for (const number of todo) {
      const record = records.get(number);
      if (!record || waitOf(record) > 0) todo.delete(number);
      else if (!isStranger(record)) return record;
      else stranger ??= record;
    }
    return stranger;
  };

  const work = async () => {
    for (let record = nextOf(); record && !closed; record = nextOf()) {
      todo.delete(record.number);
      if ((await attempt(record)) === "done" && !closed) await drop(record);
    }
  };

  const start = () => {
    clearTimeout(timer);
    if (running || closed) return;
    running = work()
      .catch(() => undefined)
      .finally(() => {
        running = undefined;
        if (todo.size > 0) start();
        else if (records.size > 0 && !closed) {
          const paused = [...records.values()].map(waitOf).filter((wait) => wait > 0);
          timer = setTimeout(retry, Math.min(retryEvery, ...paused));
        }
      });
  };

  const tryAll = (numbers: number[]) => {
    // All of one person's wait after a failure: what failed least goes first, or one that never fits, as from a device that
    // was removed, would keep the others from their turn.
    const failed = (number: number) => failures.get(number) ?? 0;
    for (const number of numbers.toSorted((a, b) => failed(a) - failed(b))) todo.add(number);
    start();
  };
  const wake = () => tryAll([...records.keys()]);
  /** A clock that was set back does not count. */
  const isDue = (number: number) => {
    const { until, length } = laters.get(number) ?? { until: 0, length: 0 };
    return now() >= until || until - now() > length;
  };
  const retry = () => tryAll([...records.keys()].filter(isDue));

  /** Anybody may write to anybody, so there is a limit to what is kept: the one that has to go for a new one. */
  const surplus = (from: PublicId | undefined): ParkedRecord | undefined => {
    const kind = [...records.values()].filter((record) => (record.from === undefined) === (from === undefined));
    const theirs = kind.filter((record) => from !== undefined && record.from === from);
    if (theirs.length >= maxPerPerson) return theirs[0];
    return kind.length >= maxOfKind ? (kind.find(isStranger) ?? kind[0]) : undefined;
  };

  return {
    async add(envelope, from) {
      const record: ParkedRecord = {
        number: next++,
        at: now(),
        envelope: toBase64Url(envelope),
        ...(from ? { from } : {}),
      };
      const tooMuch = surplus(from);
      if (tooMuch) await drop(tooMuch);
      await vault.write([{ collection, key: record.number, value: record }]);
      records.set(record.number, record);
      todo.add(record.number);
      start();
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

const mismatches = new Set<ErrorCode>(["IDENTITY_CHANGED", "PERSON_NOT_FOUND"]);

/**
 * An outage passes. A mismatch may: the registry as relays show it can be behind, and a relay that talks nonsense may be
 * asked no more the next time. Anything else would fail the same way again.
 */
function kindOf(error: unknown): "outage" | "mismatch" | "final" {
  if (!(error instanceof SkrumbleError) || error.category === "internal") return "mismatch";
  if (error.category === "network" || error.category === "device" || error.code === "ABORTED") return "outage";
  return mismatches.has(error.code) ? "mismatch" : "final";
}
