import { RpcError } from "../chain/rpc.ts";
import { agree, clock, giveBack, type NonceSource, type Numbers, noteSilence, now, type Used } from "./numbers.ts";

/** Sees into blocks what an account has sent. In milliseconds: */

/** As long as a node is given between two times that it gets the same bytes. */
const resendEvery = 3000;
/**
 * While the chain made blocks for so long since it was asked for, it is sent again; afterwards its number is filled, so that it can
 * never be mined any more. What nodes refuse all along holds up what comes after it for no longer.
 */
const resendFor = 480_000;
/**
 * The same however long the chain stood still meanwhile. Less than the hour and ten minutes after which what no node knows of counts
 * as not made, and may be made once more.
 */
const resendForAtMost = 3_000_000;
/** A chain that was restored from a snapshot forgets blocks. */
const keepMined = 60_000;
const mostKept = 1000;
/** Of looks without an answer: the nodes have gone for good. */
const silentFor = 3_600_000;
/** One after the other without an answer: the node is away. */
const mostFailed = 3;

/** One look at the nodes, and what follows from it. Never rejects. */
export async function look(numbers: Numbers, asking: Iterable<NonceSource>): Promise<void> {
  const sources = new Set([...numbers.used.values()].map(({ source }) => source));
  const isHeard = await hear(numbers, new Set([...asking, ...sources]));
  if (!isHeard) noteSilence(numbers);
  if (numbers.silent > silentFor) numbers.used.clear();
  if (!isHeard) return;
  letGoOfMined(numbers);
  // Each kind by itself: numbers that cannot be filled keep nothing from being sent again.
  const isDue = (one: Used) => clock(numbers) - one.sentAt >= resendEvery;
  const missing = inOrder(numbers).filter(([nonce, one]) => isMissing(numbers, nonce, one) && isDue(one));
  const over = missing.filter(([, one]) => isOver(numbers, one));
  const lost = missing.filter(([, one]) => !isOver(numbers, one));
  await inTurn(lost, async ([nonce, one]) => void (isMissing(numbers, nonce, one) && (await resend(numbers, one))));
  await inTurn(over, ([nonce, one]) => voidIt(numbers, nonce, one));
  const unused = [...numbers.free].toSorted((a, b) => a - b);
  await inTurn(unused, (nonce) => fillFree(numbers, nonce));
}

/** One that fails keeps no other from its turn, unless nobody answers at all. */
async function inTurn<T>(all: T[], act: (one: T) => Promise<void>): Promise<void> {
  let failed = 0;
  for (const one of all) {
    const isDone = await act(one).then(
      () => true,
      () => false,
    );
    failed = isDone ? 0 : failed + 1;
    if (failed === mostFailed) return;
  }
}

/** Of several wallets' nodes the first that answer. */
async function hear(numbers: Numbers, sources: Set<NonceSource>): Promise<boolean> {
  for (const source of sources) {
    const counts = await source.read().catch(() => undefined);
    if (!counts) continue;
    agree(numbers, counts);
    return true;
  }
  return false;
}

const inOrder = ({ used }: Numbers): [number, Used][] => [...used].toSorted(([a], [b]) => a - b);

function letGoOfMined(numbers: Numbers): void {
  const { used, mined } = numbers;
  const at = clock(numbers);
  for (const [nonce, one] of inOrder(numbers)) {
    if (nonce >= mined) delete one.minedAt;
    else one.minedAt ??= at;
    if (one.minedAt !== undefined && (at - one.minedAt > keepMined || used.size > mostKept)) used.delete(nonce);
  }
}

/** The node does not count it: it has forgotten it, or keeps it behind one that is missing. */
const isMissing = ({ used, pending }: Numbers, nonce: number, one: Used): boolean =>
  nonce >= pending && one.raw !== undefined && used.get(nonce) === one;

export const isOver = (numbers: Numbers, { asked }: Used): boolean =>
  numbers.ran - (asked.ran ?? numbers.ran) > resendFor || clock(numbers) - asked.at > resendForAtMost;

/**
 * A refusal is no news: it is in a block, or waits, or the node says no again. The device may have slept since the look began, or sleep
 * between two nodes. @throws what tells that no node answers
 */
async function resend(numbers: Numbers, one: Used): Promise<void> {
  const isLate = () => isOver(numbers, one);
  if (!one.raw || isLate()) return;
  one.sentAt = clock(numbers);
  await one.source.send(one.raw, isLate).catch((error) => {
    if (!(error instanceof RpcError)) throw error;
  });
}

/** What no node knows any more can never be mined once something else has its number. That is followed in its place. */
async function voidIt(numbers: Numbers, nonce: number, one: Used): Promise<void> {
  one.sentAt = clock(numbers);
  const { raw } = one;
  if (!raw || !isMissing(numbers, nonce, one) || (await one.source.knows(raw))) return;
  const nothing = await one.source.fill(nonce);
  // Meanwhile it may have been mined, or the number been used for something else.
  if (!isMissing(numbers, nonce, one) || one.raw !== raw) return;
  delete one.act;
  Object.assign(one, { raw: nothing, asked: now(numbers) });
  await resend(numbers, one);
}

/** What is free below others holds them up, and no node ever had anything with it. */
async function fillFree(numbers: Numbers, nonce: number): Promise<void> {
  const above = inOrder(numbers).find(([other]) => other > nonce)?.[1];
  if (!above || !numbers.free.delete(nonce)) return;
  const one: Used = { source: above.source, asked: now(numbers), sentAt: clock(numbers) };
  numbers.used.set(nonce, one);
  try {
    const raw = await one.source.fill(nonce);
    // Meanwhile somebody else may have used it.
    if (nonce < numbers.pending) giveBack(numbers, nonce, one, false);
    if (numbers.used.get(nonce) !== one) return;
    one.raw = raw;
  } catch (error) {
    giveBack(numbers, nonce, one, true);
    throw error;
  }
  await resend(numbers, one);
}
