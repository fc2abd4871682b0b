"use client";
import type { ConversationSummary } from "../../lib/types.ts";
import { ConversationMenu } from "./conversation-menu.tsx";
import type { ConversationModel } from "./model.ts";

/** What opens beside or above a conversation: from its menu, and of a group from its name. */
export type Pane = "search" | "starred" | "timer" | "group";

interface RoomMenuProps {
  model: ConversationModel;
  summary: ConversationSummary;
  onOpen(pane: Pane): void;
}

export function RoomMenu({ model, summary, onOpen }: RoomMenuProps) {
  const { flags } = summary;
  return (
    <ConversationMenu
      archived={flags.archived === true}
      mutedUntil={flags.mutedUntil}
      onSearch={() => onOpen("search")}
      onStarred={() => onOpen("starred")}
      onTimer={maySetTimer(summary) ? () => onOpen("timer") : undefined}
      onArchive={(archived) => void model.act((conversation) => conversation.setFlags({ archived }))}
      onMute={(until = 0) => void model.act((conversation) => conversation.setFlags({ mutedUntil: until }))}
    />
  );
}

/** Either of two people; in a group its admins. */
export function maySetTimer(summary: ConversationSummary): boolean {
  if (summary.kind === "pair") return summary.contact.state === "connected" && !summary.contact.problem;
  return summary.group.role === "owner" || summary.group.role === "admin";
}
