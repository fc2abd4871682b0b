import type { FrameName } from "@skrumble/sdk/protocol";
import type { DepositLimits } from "./deposits.ts";
import type { OrderingLimits } from "./ordering.ts";
import type { SubscriptionLimits } from "./subscriptions.ts";
import type { Rate } from "./tokenBucket.ts";

/** Everything that bounds what one connection can ask of a relay. */
export interface RelayLimits {
  frames: Rate;
  bytes: Rate;
  /** What a frame costs of `frames`; 1 unless named. Signatures and disk are dearer than forwarding. */
  cost: Partial<Record<FrameName, number>>;
  /** Frames that should not have been sent, before the connection is closed. */
  strikes: number;
  deposits: DepositLimits;
  ordering: OrderingLimits;
  subscriptions: SubscriptionLimits;
}

/** The limits that are not settings. */
export const DEFAULT_LIMITS: Omit<RelayLimits, "frames" | "bytes"> = {
  cost: { own: 20, subscribe: 5, anchor: 5, anchorQuery: 5, turn: 10, order: 10, orderQuery: 5, orderFetch: 20 },
  strikes: 32,
  deposits: { queueBytes: 64 * 1024 * 1024, commitMessages: 8_192, unreadReceiptBytes: 1024 * 1024 },
  ordering: { queueBytes: 16 * 1024 * 1024, unreadBytes: 1024 * 1024 },
  subscriptions: { pauseBytes: 1024 * 1024, slowReaderMs: 30_000 },
};
