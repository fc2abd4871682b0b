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

it.each<[string, number[], number]>([
  ["2 s", [100, 102, 104, 106], 2],
  ["1 s, with rounds that failed", [100, 104, 105, 113], 1],
  ["less than a second", [100, 100, 101], 1],
  ["unknown length: there is one block yet", [100], 1],
  ["unknown length: there is the first one alone", [], 1],
])("takes blocks of %s for what they are", async (_, times, seconds) => {
  expect(await readBlockSeconds(chainOf(times))).toBe(seconds);
});

it("writes down by which blocks rewards are counted, and says when they cannot be", async () => {
  const said: string[] = [];
  const noted = async (times: readonly number[], record: Pick<Deployment, "blockSeconds"> = {}) => {
    await noteBlockSeconds(chainOf(times), record, { warn: (text) => void said.push(text) });
    return record;
  };
  expect(await noted([10, 12, 14])).toEqual({ blockSeconds: 2 });
  // Of an earlier contract, on a chain that is gone.
  expect(await noted([10, 11, 12], { blockSeconds: 2 })).toEqual({});
  expect(said).toEqual([]);
  expect(await noted([10, 17, 24])).toEqual({});
  expect(said.join()).toContain("a period takes 7 weeks");
});
