import { expect, it } from "vitest";
import { noteBlockSeconds, readBlockSeconds } from "../../scripts/deploy/blockSeconds.ts";
import type { Deployment } from "../../scripts/deploy/types.ts";

/** A chain whose blocks after the first one, which is of 1970, have these times. */
const chainOf = (times: readonly number[]) =>
  ({
    getBlockNumber: async () => BigInt(times.length),
    getBlock: async ({ blockNumber }: { blockNumber: bigint }) => ({
      timestamp: BigInt([0, ...times][Number(blockNumber)] as number),
    }),
  }) as unknown as Parameters<typeof readBlockSeconds>[0];

it.each<[string, number[], number | undefined]>([
  ["2 s", [100, 102, 104, 106], 2],
  ["1 s, with rounds that failed", [100, 104, 105, 113], 1],
  ["less than a second", [100, 100, 101], 1],
  ["unknown length: there is one block yet", [100], undefined],
  ["unknown length: there is the first one alone", [], undefined],
])("takes blocks of %s for what they are", async (_, times, seconds) => {
  expect(await readBlockSeconds(chainOf(times))).toBe(seconds);
});

const said: string[] = [];
const keep = (text: string) => void said.push(text);
const noted = async (times: readonly number[], named?: number, record: Pick<Deployment, "blockSeconds"> = {}) => {
  said.length = 0;
  await noteBlockSeconds(chainOf(times), record, named, { step: keep, warn: keep });
  return record;
};

it("writes down the seconds that the operator names, or one, and says so", async () => {
  expect(await noted([10, 12, 14], 2)).toEqual({ blockSeconds: 2 });
  expect(said).toEqual(["Rewards are counted by blocks of 2 s, for ever"]);
  // Of an earlier contract, on a chain that is gone.
  expect(await noted([10, 11, 12], undefined, { blockSeconds: 2 })).toEqual({});
  expect(said).toEqual(["Rewards are counted by blocks of 1 s, for ever"]);
  expect(await noted([10], 2)).toEqual({ blockSeconds: 2 });
});

it("does not take a chain that is late for one with longer blocks", async () => {
  // Blocks of a second, each of the last ones a second late.
  const late = Array.from({ length: 40 }, (_, at) => (at < 20 ? at : 2 * at - 20));
  const record = { blockSeconds: 5 };
  await expect(noted(late, undefined, record)).rejects.toThrow("none came sooner than 2 s");
  expect(record).toEqual({ blockSeconds: 5 });
  expect(await noted(late, 1)).toEqual({});
  expect(said.join()).toContain("takes 2 weeks");
  expect(await noted([10, 17, 24], 2)).toEqual({ blockSeconds: 2 });
  expect(said.join()).toContain("takes 3.5 weeks");
});

it("refuses seconds that the chain contradicts: periods would be too short", async () => {
  await expect(noted([10, 14, 15, 17], 2)).rejects.toThrow("but blocks come every 1 s");
});
