import { SIGNAL_TTL_SECONDS, type SignalChannel } from "../call/index.ts";
import { liveSession, transmit } from "../conversation/transmit.ts";
import { exportSecret } from "../crypto/mls/state.ts";
import { SkrumbleError } from "../errors/index.ts";
import type { PublicId } from "../types/primitives.ts";
import type { Core } from "./core.ts";

/** The conversation with a person, as calls use it; undefined when there is none. */
export function signalChannel(core: Core, publicId: PublicId): SignalChannel | undefined {
  const contact = core.book.get(publicId);
  const id = contact?.state === "connected" ? contact.conversationId : undefined;
  if (!id || !core.threads.get(id)) return undefined;
  return {
    send: (signal, options) =>
      core.serial.run(id, () =>
        transmit(core, id, {
          ttlSeconds: SIGNAL_TTL_SECONDS,
          ephemeral: options?.live ?? false,
          onStored: options?.onStored,
          build: () => ({ v: 1, type: "call", signal }),
        }),
      ),
    async exporter(label, context, length) {
      const thread = core.threads.get(id);
      const route = thread && liveSession(thread)?.route;
      if (!route) throw new SkrumbleError("CONVERSATION_UNKNOWN");
      return exportSecret(await core.threads.group(route), label, context, length);
    },
  };
}
