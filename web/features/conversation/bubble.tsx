"use client";
import type { MessageBody } from "../../lib/types.ts";
import { useClock } from "../../lib/when.ts";
import { Avatar } from "../../ui/avatar.tsx";
import { cx } from "../../ui/cx.ts";
import { ForwardedMark, SharedMark } from "../message/marks.tsx";
import { MessageActions, type MessageActionsProps } from "../message/message-actions.tsx";
import { Quoted } from "../message/quoted.tsx";
import { ReactionChips } from "../message/reaction-chips.tsx";
import type { NameOf } from "../message/types.ts";
import { useIdentity } from "../session/use-client.ts";
import { BubbleBody, isEmojiOnly } from "./bubble-body.tsx";
import { BubbleFoot } from "./bubble-foot.tsx";
import { Failed } from "./failed.tsx";
import type { MessageRowProps } from "./message-row.tsx";

interface BubbleProps extends MessageRowProps {
  body: Extract<MessageBody, { type: "text" | "voice" }>;
  actions: Omit<MessageActionsProps, "children">;
  nameOf: NameOf;
}

/** A text or a voice: who says it, what it answers, the words, what others think of it, and what became of it. */
export function Bubble({ row: { message, first, last }, body, actions, nameOf, model, summary }: BubbleProps) {
  const clock = useClock();
  const me = useIdentity().publicId;
  const { id, outgoing, delivery, at, from, replyTo, reactions = [] } = message;
  const failed = delivery === "failed";
  const bare = body.type === "text" && !replyTo && !message.forwarded && !message.sharedBy && isEmojiOnly(body.text);
  const named = summary.kind === "group" && !outgoing;
  const name = nameOf(from);
  return (
    <article
      aria-label={`${name}, ${clock(at)}`}
      className={cx("flex", outgoing ? "justify-end" : "justify-start", first ? "pt-2.5" : "pt-0.5")}
    >
      {named && <span className="mr-2 w-8 shrink-0 self-end pb-6">{last && <Avatar seed={from} size={32} />}</span>}
      <div
        className={cx(
          "flex min-w-0 max-w-[92%] flex-col wide:max-w-[min(82%,42rem)]",
          outgoing ? "items-end" : "items-start",
        )}
      >
        {named && first && (
          <p className="max-w-full truncate px-1 pb-0.5 text-12 font-semibold text-ink-soft">
            <bdi>{name}</bdi>
          </p>
        )}
        <MessageActions {...actions}>
          <div
            className={cx(
              "max-w-[min(100%,68ch)] min-w-0 text-15 wrap-anywhere",
              bare
                ? "px-1 text-[2.25rem] leading-tight"
                : cx(
                    "w-fit rounded-lg px-3.5 py-2",
                    outgoing ? "ml-auto bg-mine" : "bg-theirs",
                    message.sharedBy && "border border-dashed border-edge",
                  ),
              !bare && last && (outgoing ? "rounded-br-[4px]" : "rounded-bl-[4px]"),
              failed && "opacity-75",
            )}
          >
            {message.sharedBy && <SharedMark by={nameOf(message.sharedBy)} />}
            {message.forwarded && <ForwardedMark />}
            {replyTo && <Quoted quote={replyTo} nameOf={nameOf} onJump={() => void model.goToMessage(replyTo.id)} />}
            <BubbleBody message={message} body={body} bare={bare} nameOf={nameOf} onLoad={() => model.audio(id)} />
          </div>
        </MessageActions>
        <ReactionChips reactions={reactions} me={me} nameOf={nameOf} onReact={actions.onReact} />
        <BubbleFoot message={message} last={last} />
        {failed && (
          <Failed message={message} onRetry={() => void model.act((conversation) => conversation.retry(id))} />
        )}
      </div>
    </article>
  );
}
