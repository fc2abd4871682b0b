import { readAgreedHead } from "../chain/actions/readBlock.ts";
import { readSent } from "../chain/actions/readSent.ts";
import type { AnyChain } from "../chain/chain.ts";
import { needed, onePerOperator } from "../chain/quorum.ts";
import type { Core } from "../client/core.ts";
import { SkrumbleError, throwIfAborted } from "../errors/index.ts";
import type { Address, Hex } from "../types/primitives.ts";

/** Whether a wallet that was asked to send something may still have sent it: as long as it may, nobody pays again unawares. */

/** So long after its end, in milliseconds: whoever is asked late answers late. */
const margin = 600_000;
/** So long after its end one operator that tells of something waiting is enough to be in doubt; later it takes two. */
const alone = 86_400_000;

/** Operators asked for one transaction: what waits behind a missing number only those have that it was given to. */
const mostAsked = 32;

type Asking = Pick<Core, "now" | "signal">;

/**
 * By this device's clock and the chain's.
 * @param until Unix seconds
 * @throws what {@link readAgreedHead} throws
 */
export async function isPastSending({ now, signal }: Asking, on: AnyChain, until: number): Promise<boolean> {
  if (now() <= until * 1000 + margin) return false;
  return (await readAgreedHead(on, signal)).timestamp > until;
}

/** Nothing that the wallet sent waits to be mined. @throws what {@link readSent} throws */
export async function isNothingWaiting(
  { now, signal }: Asking,
  on: AnyChain,
  { wallet, until }: { wallet: Address; until: number },
): Promise<boolean> {
  const { mined, pending, agreed } = await readSent(on, wallet, signal);
  return (now() > until * 1000 + alone ? agreed : pending) === mined;
}

/**
 * Whether nodes have a transaction, mined or not. All are asked: those that have no word of it outvote nobody who has.
 * @throws SkrumbleError CHAIN_UNREACHABLE, ABORTED
 */
export async function isStillKnown(
  { now, signal }: Asking,
  on: AnyChain,
  { hash, until }: { hash: Hex; until: number },
): Promise<boolean> {
  const operators = onePerOperator(on.rpc).slice(0, mostAsked);
  const said = await Promise.all(
    operators.map((endpoint) =>
      on.rpc.requestAt(endpoint, "eth_getTransactionByHash", [hash], signal).then(
        (found) => found !== null,
        () => undefined,
      ),
    ),
  );
  throwIfAborted(signal);
  const most = Math.min(operators.length, needed);
  if (operators.length === 0 || said.filter((one) => one !== undefined).length < most)
    throw new SkrumbleError("CHAIN_UNREACHABLE");
  return said.filter((one) => one === true).length >= (now() > until * 1000 + alone ? most : 1);
}
