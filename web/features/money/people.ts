import type { ConversationSummary, PublicId } from "../../lib/types.ts";
import { useIdentity } from "../session/use-client.ts";

export interface Somebody {
  publicId: PublicId;
  pseudonym: string;
}

/** Everybody in a conversation but oneself. */
export function useOthers(summary: ConversationSummary): readonly Somebody[] {
  const me = useIdentity().publicId;
  if (summary.kind === "pair") return [summary.contact];
  return summary.group.people
    .filter(({ publicId }) => publicId !== me)
    .toSorted((a, b) => a.pseudonym.localeCompare(b.pseudonym));
}
