import type { Address } from "../../types/primitives.ts";
import type { Chain } from "../chain.ts";
import { logSpan } from "../logs.ts";
import { readAgreedHead } from "./readBlock.ts";
import { readCreations } from "./readCreations.ts";

/**
 * The packet that somebody made with a key of its own, from a block on; undefined when it is in no block. Two operators say so, up to
 * the newest block that both know: on one relay's word a packet that is paid would be made again.
 * @throws SkrumbleError CHAIN_UNREACHABLE, QUORUM_FAILED, ABORTED
 */
export async function findPacket(
  chain: Chain,
  { creator, key, from }: { creator: Address; key: Address; from: bigint },
  signal?: AbortSignal,
): Promise<{ packetId: number; block: number } | undefined> {
  const { number: head } = await readAgreedHead(chain, signal);
  for (let at = from; at <= head; at += logSpan) {
    const to = at + logSpan - 1n < head ? at + logSpan - 1n : head;
    const made = await readCreations(chain, { creator, from: at, to }, signal);
    const found = made.find((one) => one.key.toLowerCase() === key.toLowerCase());
    if (found) return { packetId: found.packetId, block: found.block };
  }
  return undefined;
}
