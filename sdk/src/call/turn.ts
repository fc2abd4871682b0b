import { SkrumbleError } from "../errors/base.ts";
import { TURN_FRESH_MS, TURN_PATIENCE_MS, TURN_REQUIRED_MS } from "./limits.ts";
import type { CallClock } from "./types.ts";

export interface IceServers {
  /** Begins to fetch, so that they are there when needed. */
  warm(): void;
  /**
   * Servers for a call. Without relayed mode the call does not wait long for them: host candidates come first.
   *
   * @throws SkrumbleError CALL_RELAYED_UNAVAILABLE when relayed mode is asked for and there is no TURN server.
   */
  get(relayedOnly: boolean): Promise<RTCIceServer[]>;
  /** What is known was no help or may have expired: the next `get` asks anew. */
  forget(): void;
}

export function createIceServers(turn: () => Promise<RTCIceServer[]>, clock: CallClock): IceServers {
  let fetched: { at: number; servers: Promise<RTCIceServer[]> } | undefined;

  function servers(): Promise<RTCIceServer[]> {
    if (!fetched || clock.now() - fetched.at > TURN_FRESH_MS) {
      const asked = { at: clock.now(), servers: turn() };
      // A failure is not kept: the next call asks again.
      asked.servers.catch(() => {
        if (fetched === asked) fetched = undefined;
      });
      fetched = asked;
    }
    return fetched.servers;
  }

  function within(ms: number): Promise<RTCIceServer[]> {
    return new Promise((resolve) => {
      const cancel = clock.after(ms, () => resolve([]));
      servers().then(
        (list) => {
          cancel();
          resolve(list);
        },
        () => {
          cancel();
          resolve([]);
        },
      );
    });
  }

  return {
    warm: () => void servers().catch(() => {}),
    forget() {
      fetched = undefined;
    },
    async get(relayedOnly) {
      if (!relayedOnly) return within(TURN_PATIENCE_MS);
      const list = await within(TURN_REQUIRED_MS);
      if (!list.some(isTurn)) throw new SkrumbleError("CALL_RELAYED_UNAVAILABLE");
      return list;
    },
  };
}

function isTurn(server: RTCIceServer): boolean {
  return [server.urls].flat().some((url) => /^turns?:/i.test(url));
}
