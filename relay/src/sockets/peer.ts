import type { WebSocket } from "ws";
import type { Peer } from "../core/ports.ts";

/** Time a peer gets to answer our close before the line is cut. */
const CLOSE_MS = 2_000;

/** The core's view of a WebSocket. */
export function createPeer(webSocket: WebSocket): Peer {
  return {
    send(frame) {
      if (webSocket.readyState === webSocket.OPEN) webSocket.send(frame);
    },
    buffered: () => webSocket.bufferedAmount,
    close(code, reason) {
      webSocket.close(code, reason);
      // A peer that does not read does not see the close either.
      setTimeout(() => webSocket.terminate(), CLOSE_MS).unref();
    },
  };
}
