import { by, ethers, SKM, time } from "../support/chain.ts";
import { deployMembership, GENESIS, tiers, WINDOW } from "../support/deploy.ts";
import { register } from "../support/identities.ts";
import type { Meter } from "./meter.ts";

export async function measureMembership(meter: Meter): Promise<void> {
  const { skm, registry, membership, alice, bob, governor, spender } = await deployMembership();
  await register(registry, alice, "alice");
  await skm.emitFrom(GENESIS, alice.address, 10n * SKM);
  await time.increase(2 * WINDOW);
  const send = (name: string, args: unknown[], which?: string, as = governor) =>
    meter.send("Membership", by(as, membership), name, args, which);
  await send("spendCredit", [alice.address, SKM], "first", spender);
  await send("spendCredit", [alice.address, SKM], "later", spender);
  await send("setStartingCredit", [SKM]);
  const many = Array.from({ length: 16 }, (_, i) => ({ ...tiers[0], name: `Tier ${i}`, threshold: BigInt(i) * SKM }));
  await send("setTiers", [many], "16 tiers");
  for (const [name, which, account] of [
    ["tierOf", "16 tiers, the highest", alice],
    ["tierOf", "16 tiers, the lowest", bob],
    ["entitlementsOf", "16 tiers, the lowest", bob],
    ["creditOf", undefined, alice],
    ["standingOf", undefined, alice],
  ] as const) {
    await meter.read("Membership", membership, name, [account.address], which);
  }
  await meter.read("Membership", membership, "tiers", [], "16 tiers");
  await send("setTiers", [tiers], "3 tiers");
  for (const [name, ...args] of [["startingCredit"], ["skm"], ["identityRegistry"], ["FEE_SPENDER_ROLE"]] as const) {
    await meter.read("Membership", membership, name, args);
  }
  await measureRoles(meter, "Membership", membership, governor);
}

/** What every governed contract has: reading of roles, granting, taking away and giving up. `governor` has no role afterwards. */
export async function measureRoles(
  meter: Meter,
  contract: string,
  on: Awaited<ReturnType<typeof ethers.deployContract>>,
  governor: Awaited<ReturnType<typeof ethers.getSigners>>[number],
): Promise<void> {
  const [, , , , , , , , other] = await ethers.getSigners();
  const role = await on.GOVERNOR_ROLE();
  for (const [name, ...args] of [
    ["GOVERNOR_ROLE"],
    ["DEFAULT_ADMIN_ROLE"],
    ["hasRole", role, governor.address],
    ["getRoleAdmin", role],
    ["supportsInterface", "0x01ffc9a7"],
  ] as const) {
    await meter.read(contract, on, name, args);
  }
  const governed = by(governor, on);
  await meter.send(contract, governed, "grantRole", [role, other.address]);
  await meter.send(contract, governed, "revokeRole", [role, other.address]);
  await meter.send(contract, governed, "renounceRole", [role, governor.address]);
}
