import { Membership } from "../../features/me/membership.tsx";
import { PageError } from "../../lib/errors.ts";
import type { TierStatus } from "../../lib/types.ts";
import { guestTier as status } from "../tiers.ts";
import { one } from "./payments.tsx";
import { enter, type Scene, type States } from "./stage.tsx";

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
