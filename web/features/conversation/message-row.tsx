"use client";
import { useTranslations } from "next-intl";
import type { ConversationSummary } from "../../lib/types.ts";
import { DeletedMessage } from "../message/marks.tsx";
import { MessageActions } from "../message/message-actions.tsx";
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
  const t = useTranslations("chats");
  const me = useIdentity().publicId;
  const nameOf = useNameOf(summary);
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
    case "packet": {
      const words = { type: "text" as const, text: body.message ?? t("packet") };
      return <Bubble row={row} body={words} actions={actions} nameOf={nameOf} model={model} summary={summary} />;
    }
    default:
      return <Bubble row={row} body={body} actions={actions} nameOf={nameOf} model={model} summary={summary} />;
  }
}
