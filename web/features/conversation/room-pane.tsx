"use client";
import { useMediaQuery, wideScreen } from "../../lib/media-query.ts";
import { onDemand } from "../../lib/on-demand.ts";
import type { ConversationSummary, MessageId } from "../../lib/types.ts";
import type { ConversationModel } from "./model.ts";
import { useNameOf } from "./names.ts";
import type { Pane } from "./room-menu.tsx";

const ConversationSearch = onDemand(() => import("../search/conversation-search.tsx"));
const ConversationStarred = onDemand(() => import("../starred/conversation-starred.tsx"));
const GroupDetails = onDemand(() => import("../groups/details.tsx"));
const TimerSheet = onDemand(() => import("../timer/timer-sheet.tsx"));

interface RoomPaneProps {
  pane: Pane;
  model: ConversationModel;
  summary: ConversationSummary;
  /** Who can read this. */
  onTrust(): void;
  onClose(): void;
}

/** What is open beside the messages, or on a phone above them. */
export function RoomPane({ pane, model, summary, onTrust, onClose }: RoomPaneProps) {
  const nameOf = useNameOf(summary);
  const wide = useMediaQuery(wideScreen);
  const { id, timer } = summary;
  const jump = (message: MessageId) => void model.goToMessage(message);
  switch (pane) {
    case "search":
      return (
        <div className="bg-surface wide:w-80 wide:shrink-0 wide:border-l wide:border-hairline max-wide:absolute max-wide:inset-0 max-wide:z-20">
          <ConversationSearch
            id={id}
            nameOf={nameOf}
            onJump={(message) => {
              // On a phone the pane covers what was found.
              if (!wide) onClose();
              jump(message);
            }}
            onClose={onClose}
          />
        </div>
      );
    case "starred":
      return <ConversationStarred id={id} nameOf={nameOf} onJump={jump} onClose={onClose} />;
    case "group":
      if (summary.kind !== "group") return null;
      return <GroupDetails summary={summary} onJump={jump} onTrust={onTrust} onClose={onClose} />;
    case "timer":
      return (
        <TimerSheet
          seconds={timer}
          onClose={onClose}
          onChoose={(seconds) => void model.act((conversation) => conversation.setTimer(seconds))}
        />
      );
  }
}
