import type { ConversationSummary } from "../../lib/types.ts";
import { useDevices } from "../devices/model.ts";

/** Why nothing can be written here now; undefined where one may. */
export type Silence = "blocked" | "left" | "removed" | "admins" | "device";

export function silenceOf(summary: ConversationSummary): Silence | undefined {
  if (summary.kind === "pair") return summary.contact.state === "blocked" ? "blocked" : undefined;
  const { left, role, write } = summary.group;
  if (left || !role) return left ?? "left";
  return write === "admins" && role === "member" ? "admins" : undefined;
}

/** The same on this device, which may have been removed from the person's identity. */
export function useSilence(summary: ConversationSummary): Silence | undefined {
  const revoked = useDevices((state) => state.revoked);
  return revoked ? "device" : silenceOf(summary);
}
