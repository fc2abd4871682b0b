import type { ClientEvents, Identity, RelayStatus } from "../../../lib/types.ts";

/**
 * What the tabs of one browser tell each other, so that all of them show the same at once. The one that leads holds keys and
 * store; the others ask it. Only structured clones travel, and only within the origin.
 */
export const tabChannel = "skrumble-tabs";

/** Tabs of an older build may be open still: they do not understand each other, and offer to take over instead. */
export const tabVersion = 1;

/** Events that others hear too. Calls have sound, picture and devices: they live in the tab that leads. */
export const sharedEvents = [
  ...["identity", "contacts", "message", "removed", "conversation", "typing", "refused", "device"],
  ...["relays", "chain", "problem"],
] as (keyof ClientEvents)[];

/** What the tab that leads is asked for without waiting. */
export interface LeadState {
  identity: Identity;
  link: string;
  relays: RelayStatus[];
  inCall: boolean;
  /** Whether a security code opens the store. */
  locks: boolean;
}

/** A name leads into the client, a list are arguments. */
export type Step = string | unknown[];

/** Functions and signals stay where they are; the other side gets a stand-in. */
export interface StandIn {
  standIn: "function" | "signal";
  name: string;
}

export type TabWord =
  /** Who leads? */
  | { v: 1; type: "hello" }
  | { v: 1; type: "state"; state: LeadState }
  /** Nobody leads any more, or somebody else will say so. */
  | { v: 1; type: "over" }
  | { v: 1; type: "event"; name: keyof ClientEvents; value: unknown }
  | { v: 1; type: "ask"; id: string; steps: Step[] }
  | { v: 1; type: "abort"; id: string }
  | { v: 1; type: "told"; id: string; name: string; values: unknown[] }
  | { v: 1; type: "answer"; id: string; value?: unknown; conversation?: string }
  | { v: 1; type: "refusal"; id: string; code: string };

/** Somebody uses a tab that does not lead. */
export type ActivityWord = { v: 1; type: "active" };

export function isTabWord(data: unknown): data is TabWord | ActivityWord {
  return typeof data === "object" && data !== null && (data as { v?: unknown }).v === tabVersion;
}
