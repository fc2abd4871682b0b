import { join } from "node:path";
import { createPublicClient, getAddress, http, isAddress, type PublicClient, zeroAddress } from "viem";
import { operatorRewardsAbi, skmAbi } from "../../../sdk/src/generated/abis.ts";
import { readDeployment } from "../../deploy/readDeployment.ts";
import type { Deployment } from "../../deploy/types.ts";
import { stateDir } from "../../lib/paths.ts";
import { Refusal, say } from "../../lib/say.ts";
import { type Count, count } from "../count.ts";
import { scheduleFor } from "../rule.ts";
import { type Counted, readCount, saveCount } from "../savedCount.ts";

/** Options of every verb of the rewards. */
export const REWARD_OPTIONS = { deployment: { type: "string" }, "rpc-url": { type: "string" } } as const;

export interface Place extends Counted {
  rpcUrl: string;
  deployment: Deployment;
  client: PublicClient;
}

/** The chain and the contract, checked; `usage` is said when something is missing. */
export async function placeOf(
  { deployment: file, "rpc-url": rpcUrl }: Partial<Record<keyof typeof REWARD_OPTIONS, string>>,
  usage: string,
): Promise<Place> {
  if (!file || !rpcUrl) throw new Refusal(`Usage: ${usage}`);
  if (!URL.canParse(rpcUrl) || !/^https?:$/.test(new URL(rpcUrl).protocol)) {
    throw new Refusal("--rpc-url must be an http or https address.");
  }
  const deployment = readDeployment(file);
  const { operatorRewards } = deployment.contracts;
  if (!isAddress(operatorRewards ?? "") || operatorRewards === zeroAddress) {
    throw new Refusal(`${file} names no contract of rewards: this network was begun before there were any.`);
  }
  const transport = http(rpcUrl, { batch: { batchSize: 100 }, retryCount: 5, timeout: 60_000 });
  const client = createPublicClient({ transport, cacheTime: 0 }) as PublicClient;
  const chainId = await client.getChainId().catch(() => {
    throw new Refusal(`No chain answers at ${new URL(rpcUrl).origin}.`);
  });
  if (chainId !== deployment.chainId) {
    throw new Refusal(`The chain that answers has id ${chainId}, but ${file} is of chain ${deployment.chainId}.`);
  }
  return { rpcUrl, deployment, client, chainId, contract: getAddress(operatorRewards) };
}

/** Counts what has not been counted yet and keeps it, so that the next time only new periods are read. */
export async function countHere(place: Place): Promise<Count> {
  const { client, deployment, chainId, contract } = place;
  const bucket = await ownBucket(place);
  const file = join(stateDir(), `rewards-${chainId}-${contract.toLowerCase()}.json`);
  const schedule = scheduleFor(deployment.blockSeconds);
  return count(client, { ...deployment, bucket }, schedule, {
    before: readCount(file, place, schedule),
    save: (now) => {
      saveCount(file, place, schedule, now);
      say.note(`Period ${now.tally.next - 1} is counted.`);
    },
  });
}

/** After a hand-over the next contract counts; what this one still attested would never be paid. */
async function ownBucket({ client, deployment, contract }: Place): Promise<number> {
  const [number, buckets] = await Promise.all([
    client.readContract({ address: contract, abi: operatorRewardsAbi, functionName: "bucket" }),
    client.readContract({ address: deployment.contracts.skm, abi: skmAbi, functionName: "buckets" }),
  ]);
  const holder = buckets[number]?.controller;
  if (holder !== contract) throw new Refusal(`The rewards at ${contract} do not have their bucket: ${holder} has it.`);
  return number;
}
