import type { Hex } from "../types/primitives.ts";

/** The numbers of one account on one chain: which are somebody's, which can be given, which are missing. Asks nobody. */

/** What a node says. */
interface Counts {
  /** Number of the newest block. */
  head: number;
  /** How many of the account's are in blocks. */
  mined: number;
  /** With those that wait for one without a gap. */
  pending: number;
}

/** How an account's transactions are counted, sent and looked for: of one wallet, through its nodes. */
export interface NonceSource {
  /** Of the chain and of the account. @throws where no node answers */
  read(): Promise<Counts>;
  /** @param isLate asked right before each node is @throws RpcError a node's refusal; anything else: no node answers */
  send(raw: Hex, isLate?: () => boolean): Promise<unknown>;
  /** Whether a node has a transaction, waiting or in a block. @throws where no node answers */
  knows(raw: Hex): Promise<boolean>;
  /** Signs a transaction that moves nothing. */
  fill(nonce: number): Promise<Hex>;
}

/** What a number is used for. Whoever acts on it later makes sure that this very object still has the number. */
export interface Used {
  readonly source: NonceSource;
  /** What its transaction does. Absent for one that moves nothing. */
  act?: string;
  /** Absent while it is being signed and handed over. */
  raw?: Hex;
  /** What it takes the place of, until a node has it. */
  before?: Used;
  asked: Moment;
  sentAt: number;
  minedAt?: number;
}

/** In milliseconds, by this account's time ({@link clock}) and by the chain's own: see {@link Numbers}. */
interface Moment {
  at: number;
  /** Absent until a node has told how far the chain is: before, it may have run for long without anybody looking. */
  ran?: number;
}

export interface Numbers {
  readonly used: Map<number, Used>;
  /** Below `next`, given back; no node has anything with them. */
  readonly free: Set<number>;
  next: number;
  mined: number;
  pending: number;
  /** Milliseconds that went by until `clockAt`, by this device's clock. */
  passed: number;
  clockAt: number;
  /** Milliseconds in which looks were without an answer, one after the other. */
  silent: number;
  lookedAt: number;
  /** The newest block that any node told of, and when it was first told of. */
  head?: number;
  movedAt: number;
  /** Since when, and in how many looks, nobody tells of so many blocks any more. */
  behind?: { since: number; looks: number } | undefined;
  /** Milliseconds in which the chain made blocks, as far as was seen. */
  ran: number;
  /** The lowest that no node has and nobody here sends: another program's, or an earlier run's. */
  gap?: { nonce: number; since: number } | undefined;
}

export const createNumbers = (): Numbers => ({
  ...{ used: new Map(), free: new Set(), next: 0, mined: 0, pending: 0 },
  ...{ passed: 0, clockAt: Date.now(), silent: 0, lookedAt: 0, movedAt: 0, ran: 0 },
});

/** The most that a block counts for, in milliseconds: the network's own come every one or two seconds. */
const blockTime = 5000;
/** The least: one that is told of sooner is not believed. Some chains make four a second. */
const leastBlockTime = 250;
/** So many more at once: looks are not quite where blocks are. */
const atOnce = 8;
/** So long, and in so many looks, fewer blocks are told of, and by nobody as many as before: a chain was restored, or somebody was wrong. */
const [behindFor, behindLooks] = [30_000, 3];
/** The most that a look without an answer counts for: the device may have been asleep before it. */
const lookTime = 60_000;

/** Milliseconds that went by since all this began, sleep included. A device's clock that is set back makes none of them undone. */
export function clock(numbers: Numbers): number {
  const at = Date.now();
  numbers.passed += Math.max(0, at - numbers.clockAt);
  numbers.clockAt = at;
  return numbers.passed;
}

/** @param isAgreed a node has just been asked */
export const now = (numbers: Numbers, isAgreed = true): Moment => ({
  at: clock(numbers),
  ...(isAgreed ? { ran: numbers.ran } : {}),
});

/** Nobody answered. */
export function noteSilence(numbers: Numbers): void {
  numbers.silent += Math.min(clock(numbers) - numbers.lookedAt, lookTime);
  numbers.lookedAt = clock(numbers);
}

/**
 * Neither a halt nor an outage counts: the few blocks that are there after it do. A node that is behind says nothing new, and one that
 * makes blocks up says little.
 */
function noteHead(numbers: Numbers, told: number): void {
  const { head: known = told, movedAt, behind } = numbers;
  const at = clock(numbers);
  if (told < known) {
    const { since, looks } = behind ?? { since: at, looks: 0 };
    numbers.behind = { since, looks: looks + 1 };
    if (looks + 1 < behindLooks || at - since < behindFor) return;
    Object.assign(numbers, { head: told, movedAt: at, behind: undefined });
    return;
  }
  numbers.behind = undefined;
  if (told === numbers.head) return;
  const risen = Math.min(told - known, Math.ceil((at - movedAt) / leastBlockTime) + atOnce);
  numbers.ran += Math.min(at - movedAt, risen * blockTime);
  Object.assign(numbers, { head: known + risen, movedAt: at });
}

/** Takes over what a node says. */
export function agree(numbers: Numbers, counts: Counts): void {
  const { used, free } = numbers;
  Object.assign(numbers, { silent: 0, lookedAt: clock(numbers) });
  noteHead(numbers, counts.head);
  for (const { asked } of used.values()) asked.ran ??= numbers.ran;
  numbers.mined = counts.mined;
  numbers.pending = Math.max(counts.pending, counts.mined);
  // Another program used the account.
  numbers.next = Math.max(numbers.next, numbers.pending);
  for (const nonce of free) if (nonce < numbers.pending) free.delete(nonce);
  let lowest = numbers.pending;
  while (used.has(lowest) || free.has(lowest)) lowest++;
  if (lowest >= numbers.next) numbers.gap = undefined;
  else if (numbers.gap?.nonce !== lowest) numbers.gap = { nonce: lowest, since: clock(numbers) };
}

/** Gives out the lowest that nobody has. */
export function hold(numbers: Numbers, one: Used): number {
  const { used, free } = numbers;
  let nonce = free.size > 0 ? Math.min(...free) : numbers.next;
  while (used.has(nonce)) nonce++;
  free.delete(nonce);
  numbers.next = Math.max(numbers.next, nonce + 1);
  used.set(nonce, one);
  return nonce;
}

/**
 * No node has its transaction. What that was to take the place of has the number again.
 * @param isOurs nobody else has the number: it is the next one's
 */
export function giveBack(numbers: Numbers, nonce: number, one: Used, isOurs: boolean): void {
  const { used, free } = numbers;
  if (used.get(nonce) !== one) return;
  if (one.before) {
    used.set(nonce, one.before);
    return;
  }
  used.delete(nonce);
  if (!isOurs || nonce >= numbers.next) return;
  free.add(nonce);
  while (free.delete(numbers.next - 1)) numbers.next--;
}
