import type { PublicClient } from "viem";
import { Refusal, type Say } from "../lib/say.ts";
import type { Deployment } from "./types.ts";

type Reader = Pick<PublicClient, "getBlock" | "getBlockNumber">;

/** Gaps that are looked at: of so many in a row, one at least has no failed round in it, unless the whole chain is late. */
const GAPS = 12;

/**
 * Seconds from one block to the next, as the chain made them of late: the least of the last gaps, and one where it makes several
 * blocks a second. Undefined as long as there is no gap.
 */
export async function readBlockSeconds(client: Reader): Promise<number | undefined> {
  const head = await client.getBlockNumber();
  const count = Math.min(GAPS, Number(head) - 1);
  // From block 1 on: the first one is of another time.
  const times = await Promise.all(
    Array.from({ length: Math.max(0, count) + 1 }, (_, back) =>
      client.getBlock({ blockNumber: head - BigInt(back) }).then(({ timestamp }) => Number(timestamp)),
    ),
  );
  const gaps = times.slice(1).map((time, index) => (times[index] ?? time) - time);
  return gaps.length === 0 ? undefined : Math.max(1, Math.min(...gaps));
}

/**
 * Writes down by which blocks the periods of rewards are counted, while their contract is new and none of it is counted yet: what
 * the operator has named, or one a second. It holds for ever, so a chain that is late for a while must not decide it: what is
 * measured can only contradict.
 * @param named seconds, of which a minute has a whole number
 * @throws Refusal where blocks come sooner than is written down, which cannot be; or later, and nobody has named it
 */
export async function noteBlockSeconds(
  client: Reader,
  record: Pick<Deployment, "blockSeconds">,
  named: number | undefined,
  say: Pick<Say, "step" | "warn">,
): Promise<void> {
  const seconds = named ?? 1;
  const measured = (await readBlockSeconds(client)) ?? seconds;
  if (measured < seconds) {
    throw new Refusal(
      `deployments/networks.json says "blockSeconds": ${seconds}, but blocks come every ${measured} s: periods of rewards would be shorter than the contract's. The rewards are not deployed; correct it and deploy again.`,
    );
  }
  if (measured > seconds && named === undefined) {
    throw new Refusal(
      `Of the last blocks none came sooner than ${measured} s after the one before. By which are rewards counted? Write "blockSeconds" into deployments/networks.json, which holds for ever: the period that the chain was made with, or 1 where blocks are only late. Then deploy again; it goes on with the rewards.`,
    );
  }
  delete record.blockSeconds;
  if (seconds !== 1) record.blockSeconds = seconds;
  say.step(`Rewards are counted by blocks of ${seconds} s, for ever`);
  if (measured > seconds) {
    say.warn(
      `Of late, blocks came every ${measured} s. As long as they do, a period of rewards takes ${measured / seconds} weeks.`,
    );
  }
}
