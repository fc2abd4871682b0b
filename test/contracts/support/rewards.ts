import type { Contract, Wallet } from "ethers";
import { DAY, ethers, now, SKM } from "./chain.ts";
import { deployToken, FLOW } from "./deploy.ts";
import { domainOf, sign } from "./typedData.ts";

export const VALIDATOR = 0;
export const RELAY = 1;
export const MAXIMUM = 1_000n * SKM;
export const CAPS = [
  { total: 500n * SKM, each: 200n * SKM },
  { total: 300n * SKM, each: 100n * SKM },
];

const ascending = (keys: Wallet[]): Wallet[] =>
  keys.sort((a, b) => (a.address.toLowerCase() < b.address.toLowerCase() ? -1 : 1));
/** Fixed keys, ascending by address. */
export const attesterKeys = (count: number): Wallet[] =>
  ascending(Array.from({ length: count }, (_, index) => new ethers.Wallet(ethers.id(`attester ${index}`))));
export const addressesOf = (keys: readonly Wallet[]): string[] => keys.map(({ address }) => address);

export interface Reward {
  kind: number;
  operator: string;
  cumulative: bigint;
}

/** Five attesters, of whom it takes four; periods of a day, the first of which has just begun; the bucket releases 500,000 SKM a day. */
export async function deployRewards() {
  const { skm, deployer, alice, bob, carol } = await deployToken();
  const [, , , , governor] = await ethers.getSigners();
  const keys = attesterKeys(5);
  const setUp = [FLOW, governor.address, DAY, MAXIMUM, CAPS];
  const rewards = await ethers.deployContract("OperatorRewards", [skm, ...setUp, addressesOf(keys)]);
  await skm.setController(FLOW, rewards);
  const nextDay = (Math.floor((await now()) / DAY) + 1) * DAY;
  await ethers.provider.send("evm_setNextBlockTimestamp", [nextDay]);
  await ethers.provider.send("evm_mine", []);
  const reward: Reward = { kind: VALIDATOR, operator: alice.address, cumulative: 150n * SKM };
  return { skm, rewards, keys, setUp, reward, deployer, alice, bob, carol, governor };
}

export async function attest(
  rewards: Contract,
  keys: readonly Wallet[],
  reward: Reward,
  otherDomain: { chainId?: bigint; verifyingContract?: string; name?: string; version?: string } = {},
): Promise<string[]> {
  const domain = { ...(await domainOf(rewards, "Skrumble OperatorRewards")), ...otherDomain };
  const term = await rewards.term();
  return Promise.all(keys.map((key) => sign(key, domain, "Reward", { ...reward, term })));
}

/** Arguments of `claim`, signed. */
export async function claimOf(rewards: Contract, keys: readonly Wallet[], reward: Reward) {
  return [reward.kind, reward.operator, reward.cumulative, await attest(rewards, keys, reward)] as const;
}
