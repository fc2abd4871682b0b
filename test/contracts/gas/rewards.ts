import { by, SKM } from "../support/chain.ts";
import { addressesOf, attesterKeys, CAPS, claimOf, deployRewards, RELAY, VALIDATOR } from "../support/rewards.ts";
import { measureRoles } from "./membership.ts";
import type { Meter } from "./meter.ts";

export async function measureRewards(meter: Meter): Promise<void> {
  const { rewards, keys, reward, alice, governor, deployer } = await deployRewards();
  const send = (name: string, args: readonly unknown[], which?: string, as = deployer) =>
    meter.send("OperatorRewards", by(as, rewards), name, args, which);
  const four = keys.slice(0, 4);
  await send("claim", await claimOf(rewards, four, reward), "4 signatures, the first of an operator");
  await send("claim", await claimOf(rewards, four, { ...reward, cumulative: 151n * SKM }), "4 signatures");
  for (const [name, ...args] of [
    ["payableNow", VALIDATOR, alice.address, reward.cumulative],
    ["digestOf", VALIDATOR, alice.address, reward.cumulative],
    ["claimed", VALIDATOR, alice.address],
    ["paidInPeriod", VALIDATOR],
    ["paidInPeriodTo", VALIDATOR, alice.address],
    ["capsOf", RELAY],
    ["attesters"],
    ["isAttester", alice.address],
    ["term"],
    ["threshold"],
    ["period"],
    ["maximum"],
    ["bucket"],
    ["skm"],
    ["MIN_ATTESTERS"],
    ["MAX_ATTESTERS"],
    ["eip712Domain"],
  ] as const) {
    await meter.read("OperatorRewards", rewards, name, args);
  }
  const many = attesterKeys(64);
  await send("setAttesters", [addressesOf(many)], "5 to 64", governor);
  await send(
    "claim",
    await claimOf(rewards, many.slice(0, 43), { ...reward, cumulative: 152n * SKM }),
    "43 signatures",
  );
  await send("setCaps", [VALIDATOR, CAPS[1]], undefined, governor);
  await send("handOver", [deployer.address], undefined, governor);
  await measureRoles(meter, "OperatorRewards", rewards, governor);
}
