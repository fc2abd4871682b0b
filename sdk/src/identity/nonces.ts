import { RpcError } from "../chain/rpc.ts";
import { SkrumbleError, throwIfAborted } from "../errors/index.ts";
import type { Hex } from "../types/primitives.ts";

/** How an account's nonces are looked up and its transactions sent; the newest one given is used. */
export interface NonceSource {
  /** How many of its transactions are in blocks, and with those that wait for one without a gap. */
  read(): Promise<{ mined: number; pending: number }>;
  send(raw: Hex): Promise<unknown>;
  /** Signs a transaction that moves nothing. */
  fill(nonce: number): Promise<Hex>;
}

/** A nonce that is one caller's. Either verb is called once. */
export interface Nonce {
  nonce: number;
  /** A node has these bytes, or may have them: they are seen into a block. */
  sent(raw: Hex): void;
  /** No node has anything with it, or each one that was asked refused it. */
  giveBack(): void;
}

/** Nonces of one account on one chain. */
export interface Nonces {
  /**
   * The next one, in the order of asking.
   * @throws SkrumbleError WALLET_QUEUE_FULL, CHAIN_STALLED, ABORTED, and what the source's `read` throws
   */
  take(source: NonceSource, signal?: AbortSignal): Promise<Nonce>;
  /** A certain one: what is sent takes the place of what was. */
  use(source: NonceSource, nonce: number): Nonce;
}

interface Used {
  askedAt: number;
  sentAt: number;
  /** Absent while it is being signed and handed over. */
  raw?: Hex;
  minedAt?: number;
}

interface Waiting {
  until: number;
  resolve(nonce: Nonce): void;
  reject(error: unknown): void;
}

/** A node of Besu keeps about 600 of one account. Other programs' count, too. */
const mostPending = 500;
const mostUnderWay = mostPending + 1000;
/** In milliseconds, as the others. */
const longestWait = 600_000;
const [firstLook, rarestLook] = [1000, 8000];
const resendEvery = 3000;
/** One after the other without an answer: the node is away. */
const mostFailed = 3;
/**
 * So long after it was asked for it is sent again. Less than the ten minutes after which a payment that no node knows of may be
 * made once more: afterwards its nonce is filled, so that it can never be mined any more.
 */
const resendFor = 480_000;
/** A chain that was restored from a snapshot forgets blocks. */
const keepMined = 60_000;
const mostKept = 1000;
const followFor = 3_600_000;

/**
 * Hands out nonces without gaps, and sends again in the same bytes what nodes forgot. Nothing is ever signed twice. viem's
 * `nonceManager` takes the next number and no more: it bounds nothing, fills no gap and sends nothing again.
 * @param onIdle nothing is left to be followed: the next one is agreed on with the node anew
 */
export function createNonces(onIdle: () => void): Nonces {
  const used = new Map<number, Used>();
  const free = new Set<number>();
  const waiting: Waiting[] = [];
  let via: NonceSource;
  let [next, mined, pending] = [0, 0, 0];
  let [isHanding, isFollowing] = [false, false];

  async function agree(): Promise<void> {
    const counts = await via.read();
    mined = counts.mined;
    pending = Math.max(counts.pending, mined);
    // Another program used the account.
    next = Math.max(next, pending);
    for (const nonce of free) if (nonce < pending) free.delete(nonce);
  }

  function lowest(): number {
    const given = free.size > 0 ? Math.min(...free) : undefined;
    if (given !== undefined) {
      free.delete(given);
      return given;
    }
    while (used.has(next)) next++;
    return next++;
  }

  function note(nonce: number, raw: Hex): void {
    used.set(nonce, { askedAt: Date.now(), sentAt: Date.now(), raw });
    free.delete(nonce);
    void follow();
  }

  function lease(): Nonce {
    const nonce = lowest();
    used.set(nonce, { askedAt: Date.now(), sentAt: Date.now() });
    return { nonce, sent: (raw) => note(nonce, raw), giveBack: () => release(nonce) };
  }

  function release(nonce: number): void {
    used.delete(nonce);
    free.add(nonce);
    while (free.delete(next - 1)) next--;
    void follow();
  }

  /** Whoever waits is served together, after one look at the node. */
  async function hand(): Promise<void> {
    if (isHanding) return;
    isHanding = true;
    let isFull = false;
    while (waiting.length > 0) {
      try {
        await agree();
        while (waiting.length > 0 && (free.size > 0 || next - mined < mostPending)) waiting.shift()?.resolve(lease());
      } catch (error) {
        // Who waits for room waits for the chain as well.
        if (!isFull) for (const one of waiting.splice(0)) one.reject(error);
      }
      isFull = waiting.length > 0;
      if (isFull) await pause(firstLook);
      for (const one of waiting.filter(({ until }) => until < Date.now()))
        drop(one, new SkrumbleError("CHAIN_STALLED"));
    }
    isHanding = false;
    void follow();
  }

  function drop(one: Waiting, error: unknown): void {
    const at = waiting.indexOf(one);
    if (at < 0) return;
    waiting.splice(at, 1);
    one.reject(error);
  }

  /** Until all are in blocks, and some time longer. Does not keep a program running. */
  async function follow(): Promise<void> {
    if (isFollowing) return;
    isFollowing = true;
    let wait = firstLook;
    while (used.size + free.size + waiting.length > 0 || isHanding) {
      await pause(wait, true);
      const before = mined;
      await look().catch(() => undefined);
      letGo();
      wait = mined > before ? firstLook : Math.min(wait * 2, rarestLook);
    }
    isFollowing = false;
    onIdle();
  }

  /** Nothing is followed for ever: of a node that has gone for good, or what one keeps and nobody mines. */
  function letGo(): void {
    for (const [nonce, { askedAt }] of used) if (Date.now() - askedAt > followFor) used.delete(nonce);
    if (used.size + waiting.length === 0 && !isHanding) free.clear();
  }

  async function look(): Promise<void> {
    await agree();
    const now = Date.now();
    const order = [...used].toSorted(([a], [b]) => a - b);
    for (const [nonce, one] of order) {
      if (nonce >= mined) delete one.minedAt;
      else one.minedAt ??= now;
      if (one.minedAt !== undefined && (now - one.minedAt > keepMined || used.size > mostKept)) used.delete(nonce);
    }
    // What holds nothing up needs no filling: the next one has its nonce.
    for (const [nonce, one] of order.toReversed()) if (isOver(nonce, one) && nonce === next - 1) release(nonce);
    // What is still free holds others up.
    for (const nonce of [...free].toSorted((a, b) => a - b)) {
      if (!free.delete(nonce)) continue;
      const one: Used = { askedAt: now, sentAt: 0 };
      used.set(nonce, one);
      await fill(nonce, one);
    }
    let failed = 0;
    for (const [nonce, one] of order) {
      if (nonce < pending || !one.raw || used.get(nonce) !== one || now - one.sentAt < resendEvery) continue;
      const isSaid = await (isOver(nonce, one) ? fill(nonce, one) : resend(one)).then(
        () => true,
        () => false,
      );
      failed = isSaid ? 0 : failed + 1;
      if (failed === mostFailed) return;
    }
  }

  const isOver = (nonce: number, { raw, askedAt }: Used) =>
    nonce >= pending && raw !== undefined && Date.now() - askedAt > resendFor;

  async function fill(nonce: number, one: Used): Promise<void> {
    try {
      one.raw = await via.fill(nonce);
    } catch (error) {
      if (!one.raw) release(nonce);
      throw error;
    }
    one.askedAt = Date.now();
    await resend(one);
  }

  /** A refusal is no news: it is in a block, or waits, or the node says no again. @throws what tells that no node answers */
  async function resend(one: Used): Promise<void> {
    one.sentAt = Date.now();
    if (!one.raw) return;
    await via.send(one.raw).catch((error) => {
      if (!(error instanceof RpcError)) throw error;
    });
  }

  return {
    async take(source, signal) {
      throwIfAborted(signal);
      via = source;
      if (next - mined + waiting.length >= mostUnderWay) throw new SkrumbleError("WALLET_QUEUE_FULL");
      return new Promise<Nonce>((resolve, reject) => {
        const one: Waiting = { until: Date.now() + longestWait, resolve, reject };
        const onAbort = () => drop(one, new SkrumbleError("ABORTED", { cause: signal?.reason }));
        one.resolve = (nonce) => {
          signal?.removeEventListener("abort", onAbort);
          resolve(nonce);
        };
        signal?.addEventListener("abort", onAbort, { once: true });
        waiting.push(one);
        void hand();
      });
    },
    use(source, nonce) {
      via = source;
      const isOurs = used.has(nonce);
      if (!isOurs) used.set(nonce, { askedAt: Date.now(), sentAt: Date.now() });
      free.delete(nonce);
      return {
        nonce,
        sent: (raw) => note(nonce, raw),
        giveBack() {
          if (isOurs) return;
          if (nonce < next) release(nonce);
          else used.delete(nonce);
        },
      };
    },
  };
}

function pause(ms: number, isIdle = false): Promise<void> {
  return new Promise((resolve) => {
    const timer: unknown = setTimeout(resolve, ms);
    if (isIdle) (timer as { unref?(): void }).unref?.();
  });
}
