import type { HistoryMessage } from "../conversation/content/types.ts";
import { tellConversation, tellMessages } from "../conversation/view.ts";
import { codeOf } from "../errors/index.ts";
import type { CallEnd, CallSnapshot, MessageBody } from "../types/client.ts";
import type { Core } from "./core.ts";

type CallBody = Extract<MessageBody, { type: "call" }>;
type Ended = Pick<CallSnapshot, "id" | "contact" | "video" | "direction" | "startedAt" | "end" | "connectedAt">;

/** Writes how a call ended into the conversation. Each side writes its own line; nothing is sent. */
export function writeCallLine(core: Core, call: Ended): void {
  const id = call.contact.conversationId;
  if (!id) return;
  core.serial
    .run(id, async () => {
      const thread = core.threads.get(id);
      if (!thread || (await core.threads.message(id, call.id))) return;
      const body: CallBody = {
        type: "call",
        callId: call.id,
        video: call.video,
        outcome: outcomeOf(call),
        seconds: call.connectedAt ? Math.max(0, Math.round((core.now() - call.connectedAt) / 1000)) : 0,
      };
      const outgoing = call.direction === "out";
      const message: HistoryMessage = {
        id: call.id,
        number: thread.next,
        from: outgoing ? core.self.identity.publicId : call.contact.publicId,
        outgoing,
        at: call.startedAt,
        body,
        delivery: "delivered",
      };
      const missed = !outgoing && body.outcome === "missed";
      const changed = { ...thread, next: thread.next + 1, unread: thread.unread + (missed ? 1 : 0) };
      await core.threads.save({ thread: changed, messages: [message] });
      await tellMessages(core, id, [message]);
      tellConversation(core, id);
    })
    .catch((error) => core.problem(codeOf(error)));
}

function outcomeOf({ end, connectedAt }: Ended): CallBody["outcome"] {
  if (connectedAt) return end?.reason === "failed" ? "failed" : "ended";
  const outcomes: Record<CallEnd, CallBody["outcome"]> = {
    "hung-up": "missed",
    declined: "declined",
    missed: "missed",
    busy: "missed",
    cancelled: "missed",
    failed: "failed",
  };
  return outcomes[end?.reason ?? "failed"];
}
