import type { Parameters } from "./types.ts";

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;
const MIB = 1n << 20n;
const GIB = 1n << 30n;

/** The first bucket is released at once and pays the first operators' stakes; the others flow over years. */
const buckets = [
  { name: "genesis", cap: 50_000_000n, startsAfter: 0, duration: 0 },
  { name: "network", cap: 350_000_000n, startsAfter: 0, duration: 8 * YEAR },
  { name: "community", cap: 250_000_000n, startsAfter: 0, duration: 6 * YEAR },
  { name: "ecosystem", cap: 150_000_000n, startsAfter: 0, duration: 4 * YEAR },
  { name: "treasury", cap: 100_000_000n, startsAfter: YEAR, duration: 4 * YEAR },
  { name: "team", cap: 100_000_000n, startsAfter: YEAR, duration: 3 * YEAR },
] as const;

/** The starting credit reaches the second tier, so newcomers can make video calls before they own any SKM. */
const tiers = [
  {
    name: "Guest",
    threshold: 0n,
    entitlements: {
      conferenceSize: 3,
      conferenceMinutes: 40,
      fileBytes: 25n * MIB,
      storageDays: 1,
      storageBytes: 50n * MIB,
      records: false,
      video: false,
    },
  },
  {
    name: "Member",
    threshold: 50n,
    entitlements: {
      conferenceSize: 6,
      conferenceMinutes: 120,
      fileBytes: 250n * MIB,
      storageDays: 7,
      storageBytes: GIB,
      records: false,
      video: true,
    },
  },
  {
    name: "Plus",
    threshold: 1_000n,
    entitlements: {
      conferenceSize: 25,
      conferenceMinutes: 480,
      fileBytes: 2n * GIB,
      storageDays: 30,
      storageBytes: 20n * GIB,
      records: true,
      video: true,
    },
  },
  {
    name: "Pro",
    threshold: 10_000n,
    entitlements: {
      conferenceSize: 100,
      conferenceMinutes: 0,
      fileBytes: 16n * GIB,
      storageDays: 90,
      storageBytes: 200n * GIB,
      records: true,
      video: true,
    },
  },
] as const;

/** Of features that are paid for by the use: a file that opens only with the sender's key, and word of it being passed on. */
const fees = [
  { feature: "gated-file", price: 2n },
  { feature: "forward-notice", price: 1n },
] as const;

/** In the week of a period the bucket releases 839,041 SKM; both kinds together can take 600,000 of them. */
const rewards = {
  bucket: "network",
  period: 7 * DAY,
  maximum: 400_000n,
  validators: { total: 300_000n, each: 60_000n },
  // One operator may have all of a week's pot: a lower cap would pay sooner whoever splits a stake over addresses.
  relays: { total: 300_000n, each: 150_000n },
} as const;

/** For networks with people on them. */
export const publicParameters: Parameters = {
  buckets,
  tiers,
  fees,
  holdingWindow: 7 * DAY,
  startingCredit: 100n,
  recoveryDelay: 7 * DAY,
  nameCooldown: 30 * DAY,
  minimumStake: 10_000n,
  unbondingDelay: 14 * DAY,
  governorDelay: 2 * DAY,
  rewards,
};

/** The same rules with waits that fit a developer's patience. */
export const localParameters: Parameters = {
  ...publicParameters,
  holdingWindow: MINUTE,
  recoveryDelay: 5 * MINUTE,
  unbondingDelay: 5 * MINUTE,
  governorDelay: MINUTE,
  rewards: { ...rewards, period: 10 * MINUTE },
};
