import { Membership } from "../../features/me/membership.tsx";
import { PageError } from "../../lib/errors.ts";
import type { Entitlements, TierStatus } from "../../lib/types.ts";
import { one } from "./payments.tsx";
import { enter, type Scene, type States } from "./stage.tsx";

const week = { bytes: 20 << 20, days: 7 };
const guest: Entitlements = {
  ...{ conferenceSize: 3, conferenceMinutes: 40, fileBytes: 25n << 20n },
  ...{ storageDays: 1, storageBytes: 50n << 20n, records: false, video: false },
};
const status: TierStatus = {
  ...{ tier: 0, name: "Guest", balance: 20n * one, lowestBalance: 20n * one, credit: 10n * one, entitlements: guest },
  backup: { ...week, days: 1 },
  higherTiers: [
    {
      ...{ name: "Member", threshold: 50n * one, missing: 20n * one + 1n, backup: week },
      entitlements: { ...guest, video: true },
    },
    {
      ...{ name: "Plus", threshold: 1_000n * one, missing: 970n * one, backup: { ...week, days: 30 } },
      entitlements: { ...guest, video: true, fileBytes: 2n << 30n },
    },
    {
      ...{ name: "Pro", threshold: 10_000n * one, missing: 9_970n * one, backup: { ...week, days: 30 } },
      entitlements: { ...guest, video: true, conferenceSize: 100, conferenceMinutes: 0, records: true },
    },
  ],
};
const [, plus, pro] = status.higherTiers as [(typeof status.higherTiers)[0], (typeof status.higherTiers)[0], never];

const tier = (answer: () => Promise<TierStatus>): Scene => ({
  show: () => {
    enter({ client: { tier: answer } });
    return (
      <div style={{ maxWidth: 640, margin: "0 auto", padding: 12 }}>
        <Membership />
      </div>
    );
  },
});

/** What one's SKM opens, and what is missing for more. */
export const membership: States = {
  "membership-guest": { shows: "me.more", ...tier(async () => status) },
  "membership-plus": {
    shows: "me.nothingMore",
    ...tier(async () => ({
      ...{ ...status, tier: 2, name: "Plus", entitlements: plus.entitlements, backup: plus.backup },
      ...{ balance: 1_200n * one, lowestBalance: 1_100n * one, higherTiers: [pro] },
    })),
  },
  "membership-unread": {
    shows: "errors.CHAIN_UNREACHABLE",
    ...tier(() => Promise.reject(new PageError("CHAIN_UNREACHABLE"))),
  },
  "membership-coming": { shows: "me.membership", ...tier(() => new Promise(() => {})) },
};
