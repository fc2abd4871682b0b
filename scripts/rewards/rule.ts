import { parseEther } from "viem";
import type { Rule } from "./tally.ts";

/**
 * What attesters of the public network count by, with a block a second: a period is a week. The pot and the blocks of a week are
 * together half of what the contract lets a week pay, so that late claims find room.
 */
export const publicRule: Rule = {
  perBlock: parseEther("0.25"),
  slotBlocks: 60,
  slotsPerPeriod: 7 * 24 * 60,
  pot: parseEther("150000"),
  // 9.9 % a year: below what the stake is taken to cost, because whoever holds one can look busy.
  yieldPerMillion: 1_900n,
};
