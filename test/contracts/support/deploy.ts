import { by, CAP, DAY, ethers, now, SKM } from "./chain.ts";

export const WINDOW = 7 * DAY;
export const RECOVERY_DELAY = 7 * DAY;
export const NAME_COOLDOWN = 30 * DAY;
export const UNBONDING_DELAY = 14 * DAY;
export const MINIMUM_STAKE = 10_000n * SKM;
export const STARTING_CREDIT = 100n * SKM;

export const GENESIS = 0;
export const FLOW = 1;
export const LATE = 2;

export const bucketName = (name: string): string => ethers.encodeBytes32String(name);

/** A bucket released at once, one over 1,000 days, one that begins in 100 days. */
export async function buckets(controller: string) {
  const start = await now();
  const common = { controller, emitted: 0n };
  return [
    { ...common, name: bucketName("genesis"), start, duration: 0, cap: (CAP * 3n) / 10n },
    { ...common, name: bucketName("flow"), start, duration: 1_000 * DAY, cap: (CAP * 5n) / 10n },
    { ...common, name: bucketName("late"), start: start + 100 * DAY, duration: 10 * DAY, cap: (CAP * 2n) / 10n },
  ];
}

const entitlements = {
  conferenceSize: 3,
  conferenceMinutes: 40,
  fileBytes: 25n << 20n,
  storageDays: 1,
  storageBytes: 50n << 20n,
  records: false,
  video: false,
};
export const tiers = [
  { name: "Guest", threshold: 0n, entitlements },
  { name: "Member", threshold: 50n * SKM, entitlements: { ...entitlements, conferenceSize: 6, video: true } },
  { name: "Plus", threshold: 1_000n * SKM, entitlements: { ...entitlements, conferenceSize: 25, records: true } },
];

export async function deployToken() {
  const [deployer, alice, bob, carol] = await ethers.getSigners();
  const skm = await ethers.deployContract("SKM", [await buckets(deployer.address), WINDOW]);
  return { skm, deployer, alice, bob, carol };
}

export async function deployIdentities() {
  const [deployer, alice, bob, carol, dave] = await ethers.getSigners();
  const registry = await ethers.deployContract("IdentityRegistry", [RECOVERY_DELAY, NAME_COOLDOWN]);
  return { registry, deployer, alice, bob, carol, dave };
}

export async function deployMembership() {
  const { skm, deployer, alice, bob, carol } = await deployToken();
  const { registry } = await deployIdentities();
  const [, , , , governor, spender] = await ethers.getSigners();
  const membership = await ethers.deployContract("Membership", [
    skm,
    registry,
    governor.address,
    tiers,
    STARTING_CREDIT,
    [spender.address],
  ]);
  return { skm, registry, membership, deployer, alice, bob, carol, governor, spender };
}

export async function deployNetwork() {
  const { skm, deployer, alice, bob, carol } = await deployToken();
  const [, , , , governor, anchorKey, otherKey] = await ethers.getSigners();
  const relays = await ethers.deployContract("RelayRegistry", [skm, governor.address, MINIMUM_STAKE, UNBONDING_DELAY]);
  const anchors = await ethers.deployContract("SessionAnchor", [relays]);
  for (const operator of [alice, bob, carol]) {
    await skm.emitFrom(GENESIS, operator.address, 10n * MINIMUM_STAKE);
    await by(operator, skm).approve(relays, ethers.MaxUint256);
  }
  return { skm, relays, anchors, deployer, alice, bob, carol, governor, anchorKey, otherKey };
}
