"use client";
import type { ReactNode } from "react";
import type { ConversationSummary, Message } from "../../lib/types.ts";
import { Avatar } from "../../ui/avatar.tsx";
import { cx } from "../../ui/cx.ts";
import { MessageActions, type MessageActionsProps } from "../message/message-actions.tsx";
import { ReactionChips } from "../message/reaction-chips.tsx";
import type { NameOf } from "../message/types.ts";
import { useIdentity } from "../session/use-client.ts";
import { BubbleFoot } from "./bubble-foot.tsx";
import { Failed } from "./failed.tsx";
import type { ConversationModel } from "./model.ts";

export interface CardProps {
  message: Message;
  model: ConversationModel;
  summary: ConversationSummary;
  nameOf: NameOf;
  actions: Omit<MessageActionsProps, "children">;
}

/** Where a card stands in the conversation, and what a bubble has too: who, when, reactions, the menu. */
export function CardPlace(props: CardProps & { label: string; children: ReactNode }) {
  const { message, model, summary, nameOf, actions, label, children } = props;
  const me = useIdentity().publicId;
  const { id, from, outgoing, reactions = [] } = message;
  const named = summary.kind === "group" && !outgoing;
  return (
    <article aria-label={label} className={cx("flex pt-2.5", outgoing ? "justify-end" : "justify-start")}>
      {named && (
        <span className="mr-2 w-8 shrink-0 self-end pb-6">
          <Avatar seed={from} size={32} />
        </span>
      )}
      <div className={cx("flex min-w-0 max-w-full flex-col", outgoing ? "items-end" : "items-start")}>
        {named && (
          <p className="max-w-full truncate px-1 pb-0.5 text-12 font-semibold text-ink-soft">
            <bdi>{nameOf(from)}</bdi>
          </p>
        )}
        <MessageActions {...actions}>{children}</MessageActions>
        <ReactionChips reactions={reactions} me={me} nameOf={nameOf} onReact={actions.onReact} />
        <BubbleFoot message={message} last />
        {message.delivery === "failed" && (
          <Failed message={message} onRetry={() => void model.act((conversation) => conversation.retry(id))} />
        )}
      </div>
    </article>
  );
}
