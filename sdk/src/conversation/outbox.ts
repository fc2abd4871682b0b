import { fromBase64Url, fromHex, randomBytes, toBase64Url } from "../crypto/bytes.ts";
import { maxSealedBody, seal } from "../crypto/seal.ts";
import { codeOf, type ErrorCode, SkrumbleError } from "../errors/index.ts";
import type { RelayPool } from "../relay/types.ts";
import type { Vault, VaultOp } from "../store/index.ts";
import type { ConversationId, Hex, MessageId, Millis, PublicId } from "../types/primitives.ts";
import { createTurns } from "./inTurn.ts";

export interface Addressee {
  publicId: PublicId;
  /** X25519 key that it is sealed to. */
  agreementKey: Hex;
}

/** One envelope for any number of people, kept once: what each of them gets follows from it. */
export interface OutboxItem {
  number: number;
  to: Addressee[];
  /** The envelope, base64url. */
  body: string;
  /** 32 bytes, base64url: sealed again it is the same byte for byte, so that duplicates are recognised everywhere. */
  seed: string;
  expiresAt: Millis;
  /** The text it carries, if any. */
  message?: { conversationId: ConversationId; id: MessageId };
}

export type OutboxProgress = { stored: number; of: number } | { failed: ErrorCode };

/** An item to be written with the state its envelope was made from, then sent. */
export interface Prepared {
  item: OutboxItem;
  op: VaultOp;
  /** For each of `item.to`. */
  payloads: Uint8Array[];
}

/** What has been encrypted and not every relay of every mailbox has confirmed yet. Survives a restart. */
export interface Outbox {
  /** Seals it for everybody. @throws SkrumbleError MESSAGE_TOO_LONG */
  prepare(input: {
    to: readonly Addressee[];
    body: Uint8Array;
    expiresAt: Millis;
    message?: OutboxItem["message"];
  }): Promise<Prepared>;
  /** Begins to send; to be called after the record is written. `onStored`: when a relay or somebody has it, in this run. */
  send(prepared: Prepared, onStored?: () => void): void;
  /** Takes up what an earlier run left. */
  resume(): Promise<void>;
  /** Tries everything that waits at once: the network is back. */
  wake(): void;
  /** How many wait, for one person or for all. */
  size(to?: PublicId): number;
  close(): Promise<void>;
}

const collection = "envelopes";
/** Under the number of an item: {@link Mark}. */
const marks = "envelopes stored";
/** Relays mostly answer within this time, and then nothing has to be noted. */
const markAfter = 1000;
const backoff = { min: 1000, max: 30_000 };
/** Deposits that no relay has yet: more of them would only wait for each other. */
const underWay = 200;
/** Relays are asked when a direct line has not answered by then: it may be a dead one. */
const directPatience = 300;

/** For each addressee the relays that have it; "all" when it is done. */
type Mark = (number[] | "all")[];

export interface OutboxOptions {
  vault: Vault;
  pool: RelayPool;
  now: () => number;
  /** A quicker way than relays: whether all devices of a person have it. Never rejects. */
  direct?: (to: PublicId, payload: Uint8Array) => Promise<boolean>;
  onProgress: (message: NonNullable<OutboxItem["message"]>, progress: OutboxProgress) => void;
  onFailure: (error: unknown) => void;
}

interface Waiting {
  item: OutboxItem;
  letters: Letter[];
  /** Most relays that anybody's was reported stored at. */
  told: number;
  onStored?: (() => void) | undefined;
  marking?: ReturnType<typeof setTimeout> | undefined;
}

/** To one person. */
interface Letter {
  to: Addressee;
  payload?: Uint8Array | undefined;
  tries: number;
  busy: boolean;
  done: boolean;
  timer?: ReturnType<typeof setTimeout>;
  /** Relays that have it. */
  has: Set<number>;
}

const sealed = (item: OutboxItem, { agreementKey }: Addressee): Promise<Uint8Array> =>
  seal(fromHex(agreementKey), fromBase64Url(item.body), fromBase64Url(item.seed));

export function createOutbox({ vault, pool, now, direct, onProgress, onFailure }: OutboxOptions): Outbox {
  const waiting = new Map<number, Waiting>();
  const closing = new AbortController();
  const inTurn = createTurns(underWay);
  let next = 1;

  const isOver = ({ letters }: Waiting) => letters.every(({ done }) => done);
  const open = () => [...waiting.values()].flatMap(({ letters }) => letters.filter(({ done }) => !done));

  const finish = async (entry: Waiting, letter: Letter) => {
    if (letter.done) return;
    letter.done = true;
    letter.payload = undefined;
    clearTimeout(letter.timer);
    if (!isOver(entry)) return markSoon(entry);
    const { number } = entry.item;
    waiting.delete(number);
    clearTimeout(entry.marking);
    await vault.write([collection, marks].map((from) => ({ collection: from, key: number, delete: true as const })));
  };

  /** After a crash before this the payload is deposited twice, which does no harm. */
  const mark = async (entry: Waiting) => {
    clearTimeout(entry.marking);
    entry.marking = undefined;
    if (!waiting.has(entry.item.number)) return;
    const value: Mark = entry.letters.map(({ done, has }) => (done ? "all" : [...has]));
    await vault.write([{ collection: marks, key: entry.item.number, value }]);
  };
  const markSoon = (entry: Waiting) => {
    entry.marking ??= setTimeout(() => void mark(entry).catch(onFailure), markAfter);
  };

  const isThere = async (to: PublicId, payload: Uint8Array): Promise<boolean> => {
    if (!direct) return false;
    const { promise: late, resolve } = Promise.withResolvers<boolean>();
    const timer = setTimeout(() => resolve(false), directPatience);
    return Promise.race([direct(to, payload), late]).finally(() => clearTimeout(timer));
  };

  const attempt = async (entry: Waiting, letter: Letter): Promise<void> => {
    const { item } = entry;
    const seconds = Math.min(Math.floor((item.expiresAt - now()) / 1000), 30 * 86_400);
    if (letter.done || (letter.busy && seconds >= 1) || closing.signal.aborted) return;
    clearTimeout(letter.timer);
    letter.busy = true;
    try {
      if (seconds < 1) {
        const failed = letter.has.size === 0;
        await finish(entry, letter);
        if (item.message && failed) onProgress(item.message, { failed: "MESSAGE_EXPIRED" });
        return;
      }
      const tell = (stored: number, of: number) => {
        if (closing.signal.aborted) return;
        if (item.message && stored > entry.told) onProgress(item.message, { stored, of });
        entry.told = Math.max(entry.told, stored);
        if (stored >= of) finish(entry, letter).catch(onFailure);
      };
      const heard = () => {
        entry.onStored?.();
        entry.onStored = undefined;
      };
      const payload = letter.payload ?? (await sealed(item, letter.to));
      letter.payload = payload;
      if (letter.tries === 0 && (await isThere(letter.to.publicId, payload))) {
        heard();
        return await finish(entry, letter);
      }
      const deposited = await inTurn(async () => {
        if (closing.signal.aborted || letter.done) return undefined;
        return pool.deposit(letter.to.publicId, payload, {
          ttlSeconds: seconds,
          storedAt: [...letter.has],
          signal: closing.signal,
          onReceipt({ relayId }, count, all) {
            heard();
            letter.has.add(relayId);
            markSoon(entry);
            tell(count, all);
          },
        });
      });
      if (!deposited) return;
      const { stored, of } = deposited;
      // It stays busy: the pool goes on with the relays that are left.
      tell(stored, of);
    } catch (error) {
      letter.busy = false;
      if (closing.signal.aborted) return;
      if (codeOf(error) === "UNEXPECTED") onFailure(error);
      letter.tries++;
      const delay = Math.min(backoff.min * 2 ** Math.min(letter.tries - 1, 6), backoff.max);
      letter.timer = setTimeout(() => void attempt(entry, letter), delay);
    }
  };

  const start = (item: OutboxItem, from: { payloads?: Uint8Array[]; mark?: Mark; onStored?: () => void }) => {
    const letters = item.to.map((to, i): Letter => {
      const known = from.mark?.[i] ?? [];
      const has = new Set(known === "all" ? [] : known);
      return { to, payload: from.payloads?.[i], tries: 0, busy: false, done: known === "all", has };
    });
    const entry: Waiting = { item, letters, told: 0, onStored: from.onStored };
    waiting.set(item.number, entry);
    for (const letter of letters) void attempt(entry, letter);
  };

  return {
    async prepare({ to, body, expiresAt, message }) {
      if (body.length > maxSealedBody) throw new SkrumbleError("MESSAGE_TOO_LONG");
      const item: OutboxItem = {
        number: next++,
        to: to.map(({ publicId, agreementKey }) => ({ publicId, agreementKey })),
        body: toBase64Url(body),
        seed: toBase64Url(randomBytes(32)),
        expiresAt,
        ...(message ? { message } : {}),
      };
      const payloads = await Promise.all(item.to.map((one) => sealed(item, one)));
      const at = { collection, key: item.number };
      return { item, op: to.length > 0 ? { ...at, value: item } : { ...at, delete: true }, payloads };
    },
    send({ item, payloads }, onStored) {
      if (item.to.length > 0) start(item, { payloads, ...(onStored ? { onStored } : {}) });
    },
    async resume() {
      const rows = await vault.range<OutboxItem>(collection);
      next = Math.max(next, ...rows.map(({ value }) => value.number + 1));
      const marked = new Map((await vault.range<Mark>(marks)).map(({ number, value }) => [number, value]));
      for (const { value } of rows) {
        const mark = marked.get(value.number);
        start(value, mark ? { mark } : {});
      }
    },
    wake() {
      for (const entry of waiting.values()) for (const letter of entry.letters) void attempt(entry, letter);
    },
    size: (to) => open().filter((letter) => to === undefined || letter.to.publicId === to).length,
    async close() {
      closing.abort();
      for (const { letters } of waiting.values()) for (const { timer } of letters) clearTimeout(timer);
      const unmarked = [...waiting.values()].filter(({ marking }) => marking !== undefined);
      await Promise.all(unmarked.map(mark));
    },
  };
}
