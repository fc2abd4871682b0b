import type { ContentContext } from "./apply.ts";
import { expiryOf } from "./expire.ts";
import { isWord } from "./kinds.ts";
import type { Content } from "./schema.ts";
import type { ContentEvent, HistoryMessage, StoredBody } from "./types.ts";

/** A sender's clock may be wrong; what it says about the future is not shown. */
const maxAhead = 60_000;

/** A message as it enters the history. */
export function newMessage(event: ContentEvent, number: number, context: ContentContext): HistoryMessage {
  const { id, from, content, timer } = event;
  const outgoing = from === context.self;
  const at = Math.min(event.at, context.now + maxAhead);
  const body = bodyOf(content, outgoing && context.delivery === undefined);
  const message: HistoryMessage = {
    id,
    number,
    from,
    outgoing,
    at,
    ...(at === event.at ? {} : { claimedAt: event.at }),
    body,
    delivery: outgoing ? (context.delivery ?? "sending") : "delivered",
    ...detailsOf(content),
    // Nobody is to lose the way to money because a message went.
    ...(timer && isWord(body) ? { timer } : {}),
  };
  // From when it is here: it may be from another device of one's own, whose clock is wrong.
  return outgoing ? expiryOf(message, context.now) : message;
}

/** @param here said on this device */
function bodyOf(content: Content, here: boolean): StoredBody {
  if (content.kind === "text") return { type: "text", text: content.text };
  if (content.kind === "voice") {
    const { seconds, waveform, mime } = content;
    return { type: "voice", seconds, waveform, mime };
  }
  if (content.kind === "payment") {
    const { kind: type, ...payment } = content;
    // With a transaction the wallet has sent it already; elsewhere nobody knows how far it is.
    return { type, ...payment, state: here && payment.nonce !== undefined ? "signed" : "sent" };
  }
  if (content.kind === "request") {
    const { kind: type, ...request } = content;
    return { type, ...request, paid: [] };
  }
  if (content.kind === "packet") {
    const { kind: type, ...packet } = content;
    return { type, ...packet };
  }
  if (content.kind === "agreement") return { type: content.kind, step: content.step };
  throw new TypeError("This content is about another message.");
}

function detailsOf(content: Content): Partial<HistoryMessage> {
  if (content.kind !== "text" && content.kind !== "voice") return {};
  const { replyTo, forwarded } = content;
  const both = { ...(replyTo ? { replyTo } : {}), ...(forwarded ? { forwarded } : {}) };
  if (content.kind === "voice") return both;
  const { mentions, link } = content;
  return { ...(mentions?.length ? { mentions } : {}), ...both, ...(link ? { link } : {}) };
}
