import { keccak256 } from "viem";
import { SkrumbleError } from "../errors/index.ts";
import type { Hex } from "../types/primitives.ts";
import { isOver, look } from "./follow.ts";
import { agree, clock, createNumbers, giveBack, hold, type NonceSource, now, type Used } from "./numbers.ts";

/** A nonce that is one caller's. Either verb is called once. */
export interface Nonce {
  nonce: number;
  /** What was asked for so long ago is sent no more. */
  isLate(): boolean;
  /** The account's time, in milliseconds: sleep is in it, and a device's clock that is set back makes none of it undone. */
  clock(): number;
  /** A node has these bytes, or may have them: they are seen into a block. */
  sent(raw: Hex): void;
  /**
   * No node has anything with it, or each one that was asked refused it.
   * @param isOthers a node says that something else has this number: nobody is given it again
   */
  giveBack(isOthers?: boolean): void;
}

/** Nonces of one account on one chain. */
export interface Nonces {
  /**
   * The next one, in the order of asking.
   * @param act what is to be done with it
   * @throws SkrumbleError WALLET_QUEUE_FULL, WALLET_NONCE_GAP, CHAIN_STALLED, ABORTED, and what the source's `read` throws
   */
  take(source: NonceSource, act: string, signal?: AbortSignal): Promise<Nonce>;
  /**
   * A certain one. What is sent takes the place of what was, where that was the same act, or is the one with this hash.
   * @throws SkrumbleError WALLET_NONCE_USED
   */
  use(source: NonceSource, act: string, { nonce, replaces }: { nonce: number; replaces?: Hex | undefined }): Nonce;
}

interface Waiting {
  source: NonceSource;
  act: string;
  until: number;
  resolve(nonce: Nonce): void;
  reject(error: unknown): void;
}

/** A node of Besu keeps about 600 of one account. Other programs' count, too. */
const mostPending = 500;
/** Those that wait for that included. */
const mostUnderWay = mostPending + 1000;
/** In milliseconds, as the others. */
const longestWait = 600_000;
/** What is missing may be on its way from node to node for so long. */
const longestGap = 60_000;
const [firstLook, rarestLook] = [1000, 8000];

/**
 * Hands out nonces without gaps, and sends again in the same bytes what nodes forgot. No act is ever signed under two numbers. viem's
 * `nonceManager` takes the next number and no more: it bounds nothing, fills no gap and sends nothing again.
 * @param onIdle nothing is left to be followed: the next one is agreed on with the node anew
 */
export function createNonces(onIdle: () => unknown): Nonces {
  const numbers = createNumbers();
  const { used, free } = numbers;
  const waiting: Waiting[] = [];
  let [isHanding, isFollowing] = [false, false];

  function lease(nonce: number, one: Used, isOurs: boolean): Nonce {
    return {
      nonce,
      isLate: () => isOver(numbers, one),
      clock: () => clock(numbers),
      sent(raw) {
        Object.assign(one, { raw, sentAt: clock(numbers) });
        delete one.before;
        void follow();
      },
      giveBack(isOthers = false) {
        giveBack(numbers, nonce, one, isOurs && !isOthers);
        void follow();
      },
    };
  }

  function next({ source, act }: Waiting): Nonce {
    const one: Used = { source, act, asked: now(numbers), sentAt: clock(numbers) };
    return lease(hold(numbers, one), one, true);
  }

  const hasRoom = () => !numbers.gap && (free.size > 0 || numbers.next - numbers.mined < mostPending);

  /** Whoever waits is served together, after one look at the node. */
  async function hand(): Promise<void> {
    if (isHanding) return;
    isHanding = true;
    let isFull = false;
    for (let first = waiting[0]; first; first = waiting[0]) {
      const { source } = first;
      try {
        agree(numbers, await source.read());
        const { gap } = numbers;
        if (gap && clock(numbers) - gap.since > longestGap) {
          const values = { nonce: gap.nonce };
          for (const one of [...waiting]) drop(one, new SkrumbleError("WALLET_NONCE_GAP", { values }));
        }
        while (hasRoom() && waiting.length > 0) {
          const one = waiting.shift() as Waiting;
          one.resolve(next(one));
        }
      } catch (error) {
        // Who waits for room waits for the chain as well.
        if (!isFull) for (const one of waiting.filter((other) => other.source === source)) drop(one, error);
      }
      isFull = waiting.length > 0;
      if (isFull) await pause(firstLook);
      for (const one of waiting.filter(({ until }) => until < clock(numbers)))
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
    while (used.size + waiting.length > 0 || isHanding) {
      await pause(wait, true);
      const before = numbers.mined;
      await look(
        numbers,
        waiting.map(({ source }) => source),
      );
      wait = numbers.mined > before ? firstLook : Math.min(wait * 2, rarestLook);
    }
    isFollowing = false;
    free.clear();
    Object.assign(numbers, { next: 0, gap: undefined });
    onIdle();
  }

  return {
    async take(source, act, signal) {
      const isFull = numbers.next - numbers.mined + waiting.length >= mostUnderWay;
      if (isFull || signal?.aborted) {
        void follow();
        throw isFull ? new SkrumbleError("WALLET_QUEUE_FULL") : new SkrumbleError("ABORTED", { cause: signal?.reason });
      }
      const ended = new AbortController();
      return new Promise<Nonce>((resolve, reject) => {
        const one: Waiting = { source, act, until: clock(numbers) + longestWait, resolve, reject };
        const onAbort = () => drop(one, new SkrumbleError("ABORTED", { cause: signal?.reason }));
        signal?.addEventListener("abort", onAbort, { signal: ended.signal });
        waiting.push(one);
        void hand();
      }).finally(() => ended.abort());
    },
    use(source, act, { nonce, replaces }) {
      const before = used.get(nonce);
      if (before && !mayReplace(before, act, replaces)) {
        void follow();
        throw new SkrumbleError("WALLET_NONCE_USED", { values: { nonce } });
      }
      const one: Used = {
        source,
        act,
        ...(before ? { before } : {}),
        asked: now(numbers, false),
        sentAt: clock(numbers),
      };
      const isOurs = free.delete(nonce);
      used.set(nonce, one);
      void follow();
      return lease(nonce, one, isOurs);
    },
  };
}

/** One that is only being handed over may still come to be any. */
const mayReplace = ({ raw, act: earlier }: Used, act: string, replaces: Hex | undefined): boolean =>
  raw !== undefined && (earlier === undefined || earlier === act || keccak256(raw) === replaces?.toLowerCase());

function pause(ms: number, isIdle = false): Promise<void> {
  return new Promise((resolve) => {
    const timer: unknown = setTimeout(resolve, ms);
    if (isIdle) (timer as { unref?(): void }).unref?.();
  });
}
