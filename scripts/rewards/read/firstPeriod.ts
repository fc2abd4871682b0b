import { isAddressEqual } from "viem";
import { skmAbi } from "../../../sdk/src/generated/abis.ts";
import type { Deployment } from "../../deploy/types.ts";
import { Refusal } from "../../lib/say.ts";
import { periodBlocks, type Schedule } from "../tally.ts";
import { type Asks, readEvents } from "./events.ts";

/** What is counted: a contract's share of a chain. */
export interface Rewarded extends Pick<Deployment, "fromBlock" | "contracts"> {
  /** Of SKM, from which the contract pays. */
  bucket: number;
}

/**
 * The period in which the bucket was handed to the contract. The controller before could not have been paid for it: it had not ended.
 * @throws Refusal where it never was, or more than once
 */
export async function firstPeriod(client: Asks, rewarded: Rewarded, head: number, schedule: Schedule): Promise<number> {
  const [first, again] = await handed(client, rewarded, rewarded.fromBlock, head);
  const { operatorRewards } = rewarded.contracts;
  if (first === undefined)
    throw new Refusal(`No bucket was handed to the rewards at ${operatorRewards}; nobody earns anything yet.`);
  if (again !== undefined) throw moreThanOnce(rewarded);
  return Math.floor(first / periodBlocks(schedule));
}

/** @throws Refusal where the bucket was given away after what is counted, and came back */
export async function expectNotAgain(client: Asks, rewarded: Rewarded, from: number, head: number): Promise<void> {
  if ((await handed(client, rewarded, from, head)).length > 0) throw moreThanOnce(rewarded);
}

/** The blocks in which the bucket was handed to the contract. */
async function handed(
  client: Asks,
  { bucket, contracts: { skm, operatorRewards } }: Rewarded,
  from: number,
  to: number,
): Promise<number[]> {
  const blocks: number[] = [];
  const wanted = { address: skm, abi: skmAbi, events: ["BucketControllerChanged"], from, to } as const;
  for await (const events of readEvents(client, wanted)) {
    for (const { args, blockNumber } of events)
      if (args.bucket === bucket && isAddressEqual(args.to, operatorRewards)) blocks.push(Number(blockNumber));
  }
  return blocks;
}

/** What was counted in between is somebody else's. */
const moreThanOnce = ({ contracts }: Rewarded): Refusal =>
  new Refusal(
    `The bucket was handed to the rewards at ${contracts.operatorRewards} more than once, so nobody can count from where. Deploy another contract.`,
  );
