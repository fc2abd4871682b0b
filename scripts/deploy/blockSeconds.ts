import type { PublicClient } from "viem";
import type { Say } from "../lib/say.ts";
import { isBlockSeconds } from "../rewards/rule.ts";
import type { Deployment } from "./types.ts";

type Reader = Pick<PublicClient, "getBlock" | "getBlockNumber">;

/** Gaps that are looked at: of so many in a row, one at least has no failed round in it. */
const GAPS = 12;

/**
 * Seconds from one block to the next, as the chain makes them when nothing is wrong: the least of the last gaps. A chain with
 * several blocks a second, or without a gap yet, counts as one with a block a second.
 */
export async function readBlockSeconds(client: Reader): Promise<number> {
  const head = await client.getBlockNumber();
  const count = Math.min(GAPS, Number(head) - 1);
  // From block 1 on: the first one is of another time.
  const times = await Promise.all(
    Array.from({ length: Math.max(0, count) + 1 }, (_, back) =>
      client.getBlock({ blockNumber: head - BigInt(back) }).then(({ timestamp }) => Number(timestamp)),
    ),
  );
  const gaps = times.slice(1).map((time, index) => (times[index] ?? time) - time);
  return gaps.length === 0 ? 1 : Math.max(1, Math.min(...gaps));
}

/** Writes down by which blocks the periods of rewards are counted, while their contract is new and none of it is counted yet. */
export async function noteBlockSeconds(
  client: Reader,
  record: Pick<Deployment, "blockSeconds">,
  say: Pick<Say, "warn">,
): Promise<void> {
  const seconds = await readBlockSeconds(client);
  delete record.blockSeconds;
  if (seconds === 1) return;
  if (isBlockSeconds(seconds)) record.blockSeconds = seconds;
  else
    say.warn(`Blocks come every ${seconds} s. Rewards are counted as if it were one: a period takes ${seconds} weeks.`);
}
