import { SIGNAL_TTL_SECONDS } from "../call/index.ts";
import { systemCallClock, systemCallRtc } from "../call/system.ts";
import { transmit } from "../conversation/transmit.ts";
import { createLines, type DirectLines } from "../direct/index.ts";
import type { Core } from "./core.ts";
import type { ClientOptions } from "./options.ts";

/** Direct lines to contacts, unless the person hides their address from them. */
export function openLines(
  core: Core,
  options: ClientOptions,
  take: (payload: Uint8Array) => Promise<void>,
): DirectLines {
  const hidden = () => options.calls?.relayedOnly?.() ?? false;
  return createLines({
    own: core.self.identity.deviceKey,
    rtc: options.calls?.rtc ?? systemCallRtc(),
    clock: systemCallClock,
    take,
    allowed: (publicId) => !hidden() && core.book.get(publicId)?.state === "connected",
    devicesOf: (publicId) => core.people.get(publicId)?.devices ?? [],
    async servers() {
      const servers = await core.pool.turn().catch(() => []);
      // A relay in between would be no more direct than the mailbox.
      return servers.flatMap(({ urls }) => {
        const stun = [urls].flat().filter((url) => url.startsWith("stun:"));
        return stun.length > 0 ? [{ urls: stun }] : [];
      });
    },
    async signal(publicId, signal) {
      const id = core.book.get(publicId)?.conversationId;
      if (!id || !core.threads.get(id)) return;
      await core.serial.run(id, () =>
        transmit(core, id, {
          ttlSeconds: SIGNAL_TTL_SECONDS,
          ephemeral: true,
          to: [publicId],
          build: () => ({ v: 1, type: "direct", signal }),
        }),
      );
    },
  });
}
