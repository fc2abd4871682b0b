import type { Millis } from "../../types/primitives.ts";
import type { AnyChain } from "../chain.ts";

const lifetime = 3600n;
/** A device's clock may be wrong by so much; a relay that says more is not believed. */
const maxWrong = 2n * 86_400n;

/**
 * An hour from now, in Unix seconds, for what is to be signed: by this device's clock or the chain's, whichever is later. With
 * a clock that is behind alone, it would be over before anybody could submit it. Never rejects.
 */
export async function readDeadline(chain: AnyChain, now: Millis, signal?: AbortSignal): Promise<bigint> {
  const here = BigInt(Math.floor(now / 1000));
  return later(here, await timeOf(chain, signal)) + lifetime;
}

const later = (here: bigint, there: bigint): bigint => (there > here && there <= here + maxWrong ? there : here);

async function timeOf(chain: AnyChain, signal: AbortSignal | undefined): Promise<bigint> {
  try {
    const block = await chain.rpc.request("eth_getBlockByNumber", ["latest", false], signal);
    return BigInt((block as { timestamp: string }).timestamp);
  } catch {
    return 0n;
  }
}
