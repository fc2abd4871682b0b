import { isAddressEqual } from "viem";
import { skmAbi } from "../../../sdk/src/generated/abis.ts";
import type { Deployment } from "../../deploy/types.ts";
import { Refusal } from "../../lib/say.ts";
import { periodBlocks, type Schedule } from "../tally.ts";
import { type Asks, readEvents } from "./events.ts";

/**
 * The period in which the bucket was handed to the contract. The controller before could not have been paid for it: it had not ended.
 * @throws Refusal where it never was, or more than once: what was counted in between is somebody else's
 */
export async function firstPeriod(
  client: Asks,
  { fromBlock, contracts: { skm, operatorRewards } }: Pick<Deployment, "fromBlock" | "contracts">,
  head: number,
  schedule: Schedule,
): Promise<number> {
  const handed = await readEvents(client, {
    address: skm,
    abi: skmAbi,
    events: ["BucketControllerChanged"],
    from: fromBlock,
    to: head,
  });
  const [first, again] = handed.filter(({ args }) => isAddressEqual(args.to, operatorRewards));
  if (!first)
    throw new Refusal(`No bucket was handed to the rewards at ${operatorRewards}; nobody earns anything yet.`);
  if (again) {
    throw new Refusal(
      `The bucket was handed to the rewards at ${operatorRewards} more than once, so nobody can count from where. Deploy another contract.`,
    );
  }
  return Math.floor(Number(first.blockNumber) / periodBlocks(schedule));
}
