import type { ConversationSummary } from "../../lib/types.ts";

/** Why nothing can be written here now; undefined where one may. */
export type Silence = "blocked" | "left" | "removed" | "admins";

export function silenceOf(summary: ConversationSummary): Silence | undefined {
  if (summary.kind === "pair") return summary.contact.state === "blocked" ? "blocked" : undefined;
  const { left, role, write } = summary.group;
  if (left || !role) return left ?? "left";
  return write === "admins" && role === "member" ? "admins" : undefined;
}
