import type { Page } from "@playwright/test";
import type { Person } from "./people.ts";

declare global {
  interface Window {
    /** Connections that the page made, as the test sees them. */
    connections?: RTCPeerConnection[];
  }
}

/** From the next page on the connections it makes can be counted. */
export async function watchConnections({ context }: Person): Promise<void> {
  await context.addInitScript(() => {
    const made: RTCPeerConnection[] = [];
    window.connections = made;
    window.RTCPeerConnection = class extends RTCPeerConnection {
      constructor(configuration?: RTCConfiguration) {
        super(configuration);
        made.push(this);
      }
    };
  });
}

/** Open connections without sound and picture: those that carry messages. */
export const directLines = (page: Page): Promise<number> =>
  page.evaluate(
    () =>
      (window.connections ?? []).filter(
        (one) => one.connectionState === "connected" && one.getTransceivers().length === 0,
      ).length,
  );

/** "Relayed only": as if switched on in an earlier visit. */
export async function hideAddress({ context }: Person): Promise<void> {
  await context.addInitScript(() =>
    localStorage.setItem("skrumble.preferences", JSON.stringify({ relayedOnly: true })),
  );
}
