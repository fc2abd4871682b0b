import { readAgreedHead } from "../chain/actions/readBlock.ts";
import { readSent } from "../chain/actions/readSent.ts";
import type { AnyChain } from "../chain/chain.ts";
import type { Core } from "../client/core.ts";
import type { Address } from "../types/primitives.ts";

/** Whether a wallet that was asked to send something may still have sent it: as long as it may, nobody pays again unawares. */

/** So long after its end, in milliseconds: whoever is asked late answers late. */
const margin = 600_000;
/** So long after its end one operator that tells of something waiting is enough to be in doubt; later it takes two. */
const alone = 86_400_000;

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
