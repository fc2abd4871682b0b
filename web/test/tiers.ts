import type { Entitlements, TierStatus } from "../lib/types.ts";

const skm = 10n ** 18n;
const week = { bytes: 20 << 20, days: 7 };
const guest: Entitlements = {
  ...{ conferenceSize: 3, conferenceMinutes: 40, fileBytes: 25n << 20n },
  ...{ storageDays: 1, storageBytes: 50n << 20n, records: false, video: false },
};
/** Somebody who holds 20 SKM and has 10 as credit, with every tier above. */
export const guestTier: TierStatus = {
  ...{ tier: 0, name: "Guest", balance: 20n * skm, lowestBalance: 20n * skm, credit: 10n * skm, entitlements: guest },
  backup: { ...week, days: 1 },
  higherTiers: [
    {
      ...{ name: "Member", threshold: 50n * skm, missing: 20n * skm + 1n, backup: week },
      entitlements: { ...guest, video: true },
    },
    {
      ...{ name: "Plus", threshold: 1_000n * skm, missing: 970n * skm, backup: { ...week, days: 30 } },
      entitlements: { ...guest, video: true, fileBytes: 2n << 30n },
    },
    {
      ...{ name: "Pro", threshold: 10_000n * skm, missing: 9_970n * skm, backup: { ...week, days: 30 } },
      entitlements: { ...guest, video: true, conferenceSize: 100, conferenceMinutes: 0, records: true },
    },
  ],
};
