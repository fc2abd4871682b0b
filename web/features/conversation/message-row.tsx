"use client";
import type { ConversationSummary } from "../../lib/types.ts";
import { cx } from "../../ui/cx.ts";
import { DeletedMessage } from "../message/marks.tsx";
import { MessageActions } from "../message/message-actions.tsx";
import { useMoneyWords } from "../message/money-words.ts";
import { NoticeLine } from "../notice/notice-line.tsx";
import { useIdentity } from "../session/use-client.ts";
import { Bubble } from "./bubble.tsx";
import { CallEntry } from "./call-entry.tsx";
import type { ConversationModel } from "./model.ts";
import { useNameOf } from "./names.ts";
import type { Row } from "./rows.ts";
import { useMessageActions } from "./use-message-actions.ts";

export interface MessageRowProps {
  row: Extract<Row, { kind: "message" }>;
  model: ConversationModel;
  summary: ConversationSummary;
}

/** One message, whatever kind it is. */
export function MessageRow({ row, model, summary }: MessageRowProps) {
  const me = useIdentity().publicId;
  const nameOf = useNameOf(summary);
  const moneyWords = useMoneyWords();
  const { message } = row;
  const actions = useMessageActions(message, model, summary);
  const { body, outgoing, from } = message;
  switch (body.type) {
    case "notice":
      return <NoticeLine notice={body.notice} me={me} nameOf={nameOf} />;
    case "call":
      if (summary.kind !== "pair") return null;
      return (
        <MessageActions {...actions}>
          <CallEntry message={message} body={body} contact={summary.contact} />
        </MessageActions>
      );
    case "deleted":
      return (
        <article aria-label={nameOf(from)} className="pt-2.5">
          <MessageActions {...actions}>
            <DeletedMessage outgoing={outgoing} admin={body.by === from ? undefined : nameOf(body.by)} />
          </MessageActions>
        </article>
      );
    case "payment":
    case "request":
      return (
        <article aria-label={nameOf(from)} className={cx("flex pt-2.5", outgoing && "justify-end")}>
          <MessageActions {...actions}>
            <p className={cx("rounded-lg px-3.5 py-2 text-15", outgoing ? "bg-mine" : "bg-theirs")}>
              {moneyWords(body)}
            </p>
          </MessageActions>
        </article>
      );
    default:
      return <Bubble row={row} body={body} actions={actions} nameOf={nameOf} model={model} summary={summary} />;
  }
}
