import { noteAgreements } from "../../agreements/inChat/follow.ts";
import type { Core } from "../../client/core.ts";
import { randomBytes, toHexString, utf8 } from "../../crypto/bytes.ts";
import { SkrumbleError } from "../../errors/index.ts";
import type { ConversationId, MessageId, Millis } from "../../types/primitives.ts";
import { isAboutOther } from "../content/affect.ts";
import { applyContent } from "../content/apply.ts";
import { isWord } from "../content/kinds.ts";
import { contentOps, readSlice } from "../content/record.ts";
import { type Content, contentSchema } from "../content/schema.ts";
import { timeAfter } from "../content/stamp.ts";
import type { ContentEvent, HistoryMessage } from "../content/types.ts";
import { isAdmin } from "../group/state.ts";
import { maxText, textTtlSeconds } from "../limits.ts";
import { type SentRecord, sentOps, type Thread } from "../threads.ts";
import { transmit } from "../transmit.ts";
import { tellConversation, tellMessages } from "../view.ts";
import { inOrder } from "./inOrder.ts";
import { contentMessage, eventOf } from "./wire.ts";

/**
 * Says something in a conversation: a message of its own, or a word about one. Resolves once it is kept here.
 * @param messageId of a new one, where it had to be known before
 * @param at when it was meant, where it is said later
 * @returns the message it made or changed
 * @throws SkrumbleError MESSAGE_EMPTY, MESSAGE_TOO_LONG, INPUT_INVALID, MESSAGE_UNKNOWN, MESSAGE_NOT_YOURS, EDIT_TOO_LATE, and
 * what {@link inOrder} throws
 */
export async function sendContent(
  core: Core,
  id: ConversationId,
  input: Content,
  messageId: MessageId = newMessageId(),
  at: Millis = core.now(),
): Promise<HistoryMessage> {
  const content = parsed(input);
  const said = await inOrder(core, id, async (thread) => {
    const event = await eventFor(core, thread, content, messageId, at);
    const before = await readSlice(core.vault, id, event, thread);
    const changes = applyContent(before, event, contextOf(core, thread));
    if (changes.refused) throw new SkrumbleError(changes.refused);
    const message = changes.added ?? changes.messages[0];
    if (!message) throw new SkrumbleError("MESSAGE_UNKNOWN");
    const record: SentRecord = changes.added ? { message: message.id } : { event };
    await transmit(core, id, {
      ttlSeconds: textTtlSeconds,
      build: (session) => contentMessage(session, { route: session.route, n: ++session.sent }, event),
      also(sent, people) {
        if (changes.added) message.sentAs = sent;
        if (changes.added && people === 0) message.delivery = "sent"; // alone in a group: nobody to wait for
        return [...contentOps(id, before, changes), ...sentOps(sent, record)];
      },
      ...(changes.added ? { carries: message.id } : {}),
      change(changed) {
        if (changes.added) changed.next++;
      },
    });
    return message;
  });
  await tellMessages(core, id, [said]);
  tellConversation(core, id);
  core.sweeper.note(id, [said]);
  core.payments.note(id, [said]);
  noteAgreements(core, id, [said]);
  return said;
}

/** Sends a message that failed once more, under the counter it had: there must be no hole where it was. */
export async function retryContent(core: Core, id: ConversationId, messageId: MessageId): Promise<void> {
  const again = await inOrder(core, id, async () => {
    const stored = await core.threads.message(id, messageId);
    if (!stored?.outgoing) throw new SkrumbleError("MESSAGE_UNKNOWN");
    if (stored.delivery !== "failed") return undefined;
    const { error: _, ...rest } = stored;
    const message: HistoryMessage = { ...rest, delivery: "sending" };
    const event = await eventOf(core.vault, id, message);
    if (!event) throw new SkrumbleError("MESSAGE_UNKNOWN");
    await transmit(core, id, {
      ttlSeconds: textTtlSeconds,
      build: (session) => contentMessage(session, message.sentAs ?? { route: session.route, n: ++session.sent }, event),
      also(sent) {
        message.sentAs ??= sent;
        return sentOps(message.sentAs, { message: messageId });
      },
      messages: [message],
      carries: messageId,
    });
    return message;
  });
  if (again) await tellMessages(core, id, [again]);
}

export const newMessageId = (): MessageId => toHexString(randomBytes(16));

async function eventFor(
  core: Core,
  thread: Thread,
  content: Content,
  id: MessageId,
  at: Millis,
): Promise<ContentEvent> {
  const self = core.self.identity.publicId;
  const target = isAboutOther(content) ? await core.threads.message(thread.id, content.target) : undefined;
  const timer = isWord({ type: content.kind }) ? (thread.state.timer ?? 0) : 0;
  return {
    id,
    from: self,
    at: timeAfter(target, self, at),
    content,
    ...(timer > 0 ? { timer } : {}),
  };
}

export const contextOf = (core: Core, { kind, state }: Thread) => ({
  self: core.self.identity.publicId,
  group: kind === "group",
  isAdmin: (person: `0x${string}`) => isAdmin(state, person),
  now: core.now(),
});

/** @throws SkrumbleError MESSAGE_EMPTY, MESSAGE_TOO_LONG, INPUT_INVALID */
function parsed(input: Content): Content {
  if ("text" in input) {
    if (input.text.trim() === "") throw new SkrumbleError("MESSAGE_EMPTY");
    if (utf8(input.text).length > maxText) throw new SkrumbleError("MESSAGE_TOO_LONG");
  }
  const result = contentSchema.safeParse(input);
  if (result.success) return result.data;
  // What is left of it after cleaning may be nothing.
  if ("text" in input) throw new SkrumbleError("MESSAGE_EMPTY");
  throw new SkrumbleError("INPUT_INVALID", { details: `Not a ${input.kind}.` });
}
