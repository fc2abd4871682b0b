import { parseEther } from "viem";
import type { Schedule } from "./tally.ts";

/**
 * What attesters of the public network count by, with a block a second: a period is a week. The pot and the blocks of a week are
 * together half of what the contract lets a week pay, so that late claims find room. A contract counts from its first period: the
 * one in which the bucket was handed to it. To change a number, add an entry from a period to come; never change one that is there.
 */
export const publicSchedule: Schedule = {
  slotBlocks: 60,
  slotsPerPeriod: 7 * 24 * 60,
  rules: [
    {
      fromPeriod: 0,
      rule: {
        perBlock: parseEther("0.25"),
        pot: parseEther("150000"),
        // 9.9 % a year: below what the stake is taken to cost, because whoever holds one can look busy.
        yieldPerMillion: 1_900n,
      },
    },
  ],
};
