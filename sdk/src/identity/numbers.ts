import type { Hex } from "../types/primitives.ts";

/** The numbers of one account on one chain: which are somebody's, which can be given, which are missing. Asks nobody. */

/** How an account's transactions are counted, sent and looked for: of one wallet, through its nodes. */
export interface NonceSource {
  /** How many are in blocks, and with those that wait for one without a gap. @throws where no node answers */
  read(): Promise<{ mined: number; pending: number }>;
  /** @throws RpcError a node's refusal; anything else: no node answers */
  send(raw: Hex): Promise<unknown>;
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
  askedAt: number;
  sentAt: number;
  minedAt?: number;
}

export interface Numbers {
  readonly used: Map<number, Used>;
  /** Below `next`, given back; no node has anything with them. */
  readonly free: Set<number>;
  next: number;
  mined: number;
  pending: number;
  /** When a node was last heard of. */
  heardAt: number;
  /** The lowest that no node has and nobody here sends: another program's, or an earlier run's. */
  gap?: { nonce: number; since: number } | undefined;
}

export const createNumbers = (): Numbers => ({
  ...{ used: new Map(), free: new Set(), next: 0, mined: 0, pending: 0, heardAt: Date.now() },
});

/** Takes over what a node says. */
export function agree(numbers: Numbers, counts: { mined: number; pending: number }): void {
  const { used, free } = numbers;
  numbers.heardAt = Date.now();
  numbers.mined = counts.mined;
  numbers.pending = Math.max(counts.pending, counts.mined);
  // Another program used the account.
  numbers.next = Math.max(numbers.next, numbers.pending);
  for (const nonce of free) if (nonce < numbers.pending) free.delete(nonce);
  let lowest = numbers.pending;
  while (used.has(lowest) || free.has(lowest)) lowest++;
  if (lowest >= numbers.next) numbers.gap = undefined;
  else if (numbers.gap?.nonce !== lowest) numbers.gap = { nonce: lowest, since: Date.now() };
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
