import { codeOf, SkrumbleError } from "../../errors/index.ts";
import type { AnyChain } from "../chain.ts";
import { readAgreedBlock, readAgreedHead, readBlock } from "./readBlock.ts";

/**
 * Number of the newest block that was not made after a time, two operators agreeing. What nodes have forgotten counts as older.
 * @param time Unix seconds
 * @throws SkrumbleError QUORUM_FAILED (a relay misled the search), CHAIN_UNREACHABLE, CHAIN_REJECTED, ABORTED
 */
export async function readBlockAt(chain: AnyChain, time: number, signal?: AbortSignal): Promise<number> {
  const head = await readAgreedHead(chain, signal);
  if (head.timestamp <= time) return Number(head.number);
  let [low, high] = [0n, head.number];
  // The one after the last that is early enough.
  while (low < high) {
    const middle = (low + high) / 2n;
    const isLate = await readBlock(chain, middle, signal).then(
      ({ timestamp }) => timestamp > time,
      (error) => {
        if (codeOf(error) !== "CHAIN_REJECTED") throw error;
        return false;
      },
    );
    if (isLate) high = middle;
    else low = middle + 1n;
  }
  const found = low > 0n ? low - 1n : 0n;
  const [before, after] = await Promise.all([found, low].map((number) => readAgreedBlock(chain, number, signal)));
  const isRight = low === 0n || ((before?.timestamp ?? 0) <= time && (after?.timestamp ?? 0) > time);
  if (!isRight) throw new SkrumbleError("QUORUM_FAILED");
  return Number(found);
}
