import type { Core } from "../client/core.ts";
import { pauseFor } from "../client/pauseFor.ts";
import type { PacketView } from "../types/packets.ts";
import type { ConversationId, MessageId } from "../types/primitives.ts";
import { lookAtPacket } from "./look.ts";

/** Somebody looks at it: soon after something happened, and rarely where nothing does. */
const soon = 1500;
const later = 10_000;
const lively = 60_000;

/** Looks at a packet again and again until it is stopped or nothing can change any more. */
export function watchPacket(
  core: Core,
  conversationId: ConversationId,
  messageId: MessageId,
  listener: (view: PacketView) => void,
): () => void {
  const stopping = new AbortController();
  const signal = AbortSignal.any([core.signal, stopping.signal]);
  const run = async () => {
    let told = "";
    for (let changedAt = core.now(); !signal.aborted; ) {
      const view = await lookAtPacket(core, conversationId, messageId).catch(() => undefined);
      if (signal.aborted) return;
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
