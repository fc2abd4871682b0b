import { toBase64Url } from "../../crypto/bytes.ts";
import type { Vault } from "../../store/index.ts";
import type { ConversationId } from "../../types/primitives.ts";
import type { AppMessage } from "../appMessage.ts";
import type { StoredPayment, StoredRequest } from "../content/money.ts";
import type { Content, Told } from "../content/schema.ts";
import type { ContentEvent, HistoryMessage } from "../content/types.ts";
import { audioAt } from "../history/places.ts";
import type { SessionRecord } from "../threads.ts";

/** An event as it goes out under a counter. */
export const contentMessage = (
  session: SessionRecord,
  { route, n }: { route: string; n: number },
  { id, at, content, timer }: Omit<ContentEvent, "from">,
): AppMessage => ({
  ...{ v: 1, type: "content", id, n },
  ...(route === session.route ? {} : { route }),
  ...{ at, content },
  ...(timer ? { timer } : {}),
});

/** A message as it would be said again. Undefined for one that is no longer what was said. */
export async function eventOf(
  vault: Pick<Vault, "get">,
  conversation: ConversationId,
  message: HistoryMessage,
): Promise<ContentEvent | undefined> {
  const { id, from, timer } = message;
  const content = await contentOf(vault, conversation, message);
  return content && { id, from, at: message.claimedAt ?? message.at, content, ...(timer ? { timer } : {}) };
}

async function contentOf(
  vault: Pick<Vault, "get">,
  conversation: ConversationId,
  message: HistoryMessage,
): Promise<Content | undefined> {
  const { body } = message;
  if (body.type === "payment" || body.type === "request") return moneyContent(body);
  if (body.type === "packet") {
    const { type: kind, ...packet } = body;
    return { kind, ...packet };
  }
  if (body.type === "agreement") return { kind: body.type, step: body.step };
  const told = toldOf(message);
  if (told?.kind !== "voice") return told;
  const audio = await vault.get<Uint8Array>(audioAt(conversation), message.id);
  return audio && { ...told, audio: toBase64Url(audio) };
}

/** What a payment or request said; what this device has found out about it is not said. */
export function moneyContent(body: StoredPayment | StoredRequest): Content {
  if (body.type === "request") {
    const { asset, amount, from, note } = body;
    return { kind: "request", asset, amount, from, note };
  }
  const { asset, amount, to, wallet, note, request, nonce, transaction, accountNonce, block, until } = body;
  const proof = nonce === undefined ? { transaction, accountNonce } : { nonce };
  return { kind: "payment", asset, amount, to, wallet, note, request, ...proof, block, until };
}

/** What a message says, without its sound. */
export function toldOf({ body, replyTo, mentions, link, forwarded }: HistoryMessage): Told | undefined {
  const both = { ...(replyTo ? { replyTo } : {}), ...(forwarded ? { forwarded } : {}) };
  if (body.type === "text") {
    const details = {
      ...(mentions ? { mentions } : {}),
      ...(link ? { link } : {}),
    };
    return { kind: "text", text: body.text, ...both, ...details };
  }
  if (body.type !== "voice") return undefined;
  const { seconds, waveform, mime } = body;
  return { kind: "voice", seconds, waveform, mime, ...both };
}
