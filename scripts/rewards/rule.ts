import { parseEther } from "viem";
import { Refusal } from "../lib/say.ts";
import type { Schedule } from "./tally.ts";

/** A slot is a minute. */
const SLOT_SECONDS = 60;

/**
 * What attesters of a public network count by, where there is a block a second: a period is a week, as the contract's is. The pot and the blocks of a week are
 * together half of what the contract lets a week pay, so that late claims find room. A contract counts from its first period: the
 * one in which the bucket was handed to it. To change a number, add an entry from a period to come; never change one that is there.
 */
export const publicSchedule: Schedule = {
  slotBlocks: SLOT_SECONDS,
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

/** Whether a slot has a whole number of such blocks. */
export const isBlockSeconds = (seconds: number): boolean =>
  Number.isSafeInteger(seconds) && seconds >= 1 && SLOT_SECONDS % seconds === 0;

/**
 * The same for a network with other blocks: a slot stays a minute, a period a week, and what is earned in it. All attesters have the
 * seconds from the record of the deployment, where they never change; no clock is asked.
 * @throws Refusal where a minute is no whole number of such blocks
 */
export function scheduleFor(blockSeconds = 1): Schedule {
  if (!isBlockSeconds(blockSeconds)) throw new Refusal(`Rewards cannot be counted by blocks of ${blockSeconds} s.`);
  return {
    ...publicSchedule,
    slotBlocks: publicSchedule.slotBlocks / blockSeconds,
    rules: publicSchedule.rules.map(({ fromPeriod, rule }) => ({
      fromPeriod,
      rule: { ...rule, perBlock: rule.perBlock * BigInt(blockSeconds) },
    })),
  };
}
