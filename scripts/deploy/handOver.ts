import { type Address, formatEther, getAddress, isAddressEqual, parseAbi, parseEther } from "viem";
import { Refusal } from "../lib/say.ts";
import type { ContractFile } from "./artifacts.ts";
import { GOVERNOR_ROLE, isGovernedBy } from "./isGovernedBy.ts";
import { mayUseCredit } from "./mayUseCredit.ts";
import type { Sender } from "./sender.ts";
import type { Grant } from "./types.ts";

const GENESIS = 0;
const skmAbi = parseAbi([
  "struct Bucket { bytes32 name; address controller; uint48 start; uint48 duration; uint128 cap; uint128 emitted; }",
  "function buckets() view returns (Bucket[])",
  "function emitFrom(uint8 bucket, address to, uint256 amount)",
  "function setController(uint8 bucket, address controller)",
]);
const rewardsAbi = parseAbi(["function bucket() view returns (uint8)"]);
const rolesAbi = parseAbi(["function hasRole(bytes32 role, address account) view returns (bool)"]);
const ADMIN_ROLE = `0x${"0".repeat(64)}` as const;

/**
 * Hands the grants out, then gives the genesis bucket to the timelock and the network's to the rewards, and makes sure that nothing is left in the
 * deployer's hands. What the bucket has emitted tells how many grants were made before an interruption.
 */
export async function handOver(
  sender: Sender,
  deployed: Partial<Record<ContractFile, Address>>,
  grants: readonly Grant[],
): Promise<string[]> {
  const { SKM: skm, TimelockController: timelock, Membership: membership, RelayRegistry: relays } = deployed;
  const { UsageFees: fees, OperatorRewards: rewards } = deployed;
  if (!skm || !timelock || !membership || !relays || !fees || !rewards) throw new Error("Not everything is deployed");
  const done: string[] = [];
  const buckets = () => sender.client.readContract({ address: skm, abi: skmAbi, functionName: "buckets" });
  const genesis = (await buckets())[GENESIS];
  if (genesis && isAddressEqual(genesis.controller, sender.address)) {
    let before = 0n;
    for (const grant of grants) {
      const amount = parseEther(String(grant.amount));
      if (genesis.emitted <= before) {
        await sender.send(skm, skmAbi, "emitFrom", [GENESIS, grant.to, amount]);
        done.push(`${formatEther(amount)} SKM to ${grant.to}`);
      }
      before += amount;
    }
    await sender.send(skm, skmAbi, "setController", [GENESIS, timelock]);
    done.push("genesis bucket to the timelock");
  }
  const paysFrom = await sender.client.readContract({ address: rewards, abi: rewardsAbi, functionName: "bucket" });
  const network = (await buckets())[paysFrom];
  if (network && isAddressEqual(network.controller, sender.address)) {
    await sender.send(skm, skmAbi, "setController", [paysFrom, rewards]);
    done.push("network bucket to the rewards");
  }
  await expectPowerless();
  if (!(await mayUseCredit(sender, membership, fees))) {
    throw new Refusal(
      `The fees at ${fees} are not where Membership expects them: the deployer sent something else in between. Move the record away and deploy anew.`,
    );
  }
  return done;

  function hasRole(address: Address, role: `0x${string}`, account: Address): Promise<boolean> {
    return sender.client.readContract({ address, abi: rolesAbi, functionName: "hasRole", args: [role, account] });
  }

  async function expectPowerless(): Promise<void> {
    for (const [number, bucket] of (await buckets()).entries()) {
      const { controller } = bucket;
      // Where the contracts are older than the rewards, it is for the governors to hand the bucket over.
      if (number === paysFrom && isAddressEqual(controller, rewards as Address)) continue;
      if (isAddressEqual(controller, timelock as Address)) continue;
      // The governors may have handed it on, as to better rewards.
      if (await isGovernedBy(sender.client, controller, timelock as Address, sender.address)) continue;
      throw new Refusal(
        `An emission bucket is controlled by ${getAddress(controller)}, not by the timelock nor by a contract that it governs.`,
      );
    }
    for (const [address, role] of [
      [timelock, ADMIN_ROLE],
      [membership, ADMIN_ROLE],
      [membership, GOVERNOR_ROLE],
      [relays, ADMIN_ROLE],
      [relays, GOVERNOR_ROLE],
      [fees, ADMIN_ROLE],
      [fees, GOVERNOR_ROLE],
      [rewards, ADMIN_ROLE],
      [rewards, GOVERNOR_ROLE],
    ] as [Address, `0x${string}`][]) {
      if (await hasRole(address, role, sender.address))
        throw new Refusal(`The deployer still has a role at ${address}; it must have none.`);
    }
  }
}
