import type { Core } from "../client/core.ts";
import { pauseFor } from "../client/pauseFor.ts";
import { codeOf, type ErrorCode } from "../errors/index.ts";
import type { PacketView } from "../types/packets.ts";
import type { ConversationId, MessageId } from "../types/primitives.ts";
import { lookAtPacket } from "./look.ts";

/** Somebody looks at it: soon after something happened, and rarely where nothing does. */
const soon = 1500;
const later = 10_000;
const lively = 60_000;
/** A relay may be behind; what has been untrue for so long stays so. */
const untrue = 60_000;

/** Looks at a packet again and again until it is stopped, nothing can change any more, or there is no such packet. */
export function watchPacket(
  core: Core,
  conversationId: ConversationId,
  messageId: MessageId,
  listener: (view: PacketView) => void,
  failed?: (problem: { code: string }) => void,
): () => void {
  const stopping = new AbortController();
  const signal = AbortSignal.any([core.signal, stopping.signal]);
  const run = async () => {
    let told = "";
    let untrueSince: number | undefined;
    for (let changedAt = core.now(); !signal.aborted; ) {
      let error: ErrorCode | undefined;
      const view = await lookAtPacket(core, conversationId, messageId).catch((failed: unknown) => {
        error = codeOf(failed);
        return undefined;
      });
      if (signal.aborted) return;
      if (error) failed?.({ code: error });
      if (error === "MESSAGE_UNKNOWN") return;
      untrueSince = error === "PACKET_INVALID" ? (untrueSince ?? core.now()) : undefined;
      if (untrueSince !== undefined && core.now() - untrueSince >= untrue) return;
      const text = view
        ? JSON.stringify(view, (_, value) => (typeof value === "bigint" ? String(value) : value))
        : told;
      if (view && text !== told) {
        told = text;
        changedAt = core.now();
        listener(view);
        if (view.done) return;
      }
      const isWaiting = view !== undefined && view.paid < view.taken;
      await pauseFor(signal, isWaiting || core.now() - changedAt < lively ? soon : later);
    }
  };
  void run();
  return () => stopping.abort();
}
