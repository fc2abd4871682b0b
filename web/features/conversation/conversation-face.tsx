import type { ConversationSummary } from "../../lib/types.ts";
import { Face } from "../contacts/face.tsx";
import { GroupFace } from "../contacts/group-face.tsx";

interface ConversationFaceProps {
  summary: ConversationSummary;
  size: number;
}

/** The person's avatar, or the group's picture. */
export function ConversationFace({ summary, size }: ConversationFaceProps) {
  if (summary.kind === "pair") return <Face contact={summary.contact} size={size} />;
  return <GroupFace id={summary.id} picture={summary.group.picture} size={size} />;
}
