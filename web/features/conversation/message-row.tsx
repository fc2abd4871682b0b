"use client";
import { withLateWords } from "../../lib/language.ts";
import { onDemand } from "../../lib/on-demand.ts";
import type { ConversationSummary } from "../../lib/types.ts";
import { DeletedMessage } from "../message/marks.tsx";
import { MessageActions } from "../message/message-actions.tsx";
import { CardGap } from "../money/card-frame.tsx";
import { NoticeLine } from "../notice/notice-line.tsx";
import { useIdentity } from "../session/use-client.ts";
import { Bubble } from "./bubble.tsx";
import { CallEntry } from "./call-entry.tsx";
import type { ConversationModel } from "./model.ts";
import { useNameOf } from "./names.ts";
import type { Row } from "./rows.ts";
import { useMessageActions } from "./use-message-actions.ts";

const AgreementCard = onDemand(() => withLateWords(import("../agreements/agreement-card.tsx")), <CardGap />);
const PaymentCard = onDemand(() => import("../money/payment-card.tsx"), <CardGap />);
const RequestCard = onDemand(() => import("../money/request-card.tsx"), <CardGap />);
const PacketCard = onDemand(() => withLateWords(import("../packets/packet-card.tsx")), <CardGap />);

export interface MessageRowProps {
  row: Extract<Row, { kind: "message" }>;
  model: ConversationModel;
  summary: ConversationSummary;
}

/** One message, whatever kind it is. */
export function MessageRow({ row, model, summary }: MessageRowProps) {
  const me = useIdentity().publicId;
  const nameOf = useNameOf(summary);
  const { message } = row;
  const actions = useMessageActions(message, model, summary);
  const { body, outgoing, from } = message;
  const card = { message, model, summary, nameOf, actions };
  switch (body.type) {
    case "payment":
      return <PaymentCard {...card} body={body} />;
    case "request":
      return <RequestCard {...card} body={body} />;
    case "packet":
      return <PacketCard {...card} body={body} />;
    case "agreement":
      return <AgreementCard {...card} body={body} />;
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
    default:
      return <Bubble row={row} body={body} actions={actions} nameOf={nameOf} model={model} summary={summary} />;
  }
}
