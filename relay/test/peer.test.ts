import { Duplex } from "node:stream";
import { MAX_FRAME_BYTES } from "@skrumble/sdk/protocol";
import { expect, test } from "vitest";
import type { WebSocket } from "ws";
import { MAX_UNSENT_BYTES, SocketPeer } from "../src/sockets/peer.ts";

/** A line whose other end reads nothing. */
function stuckLine() {
  const socket = Object.assign(new Duplex({ read: () => undefined, write: () => undefined }), { bytesRead: 0 });
  let terminated = 0;
  const webSocket = {
    OPEN: 1,
    readyState: 1,
    terminate() {
      terminated++;
      this.readyState = 2;
    },
  };
  const peer = new SocketPeer(webSocket as unknown as WebSocket, socket);
  return { peer, terminated: () => terminated };
}

test.each([500, 60_000, MAX_FRAME_BYTES])("a peer that reads nothing is cut off, with answers of %i bytes", (size) => {
  const { peer, terminated } = stuckLine();
  let sent = 0;
  while (terminated() === 0 && sent < 2 * MAX_UNSENT_BYTES) {
    peer.send(new Uint8Array(size));
    sent += size;
  }
  expect(terminated()).toBe(1);
  const waiting = peer.buffered();
  expect(waiting).toBeLessThan(MAX_UNSENT_BYTES + 2 * size + 100);
  peer.send(new Uint8Array(size));
  peer.sendInPlace(Buffer.alloc(100), 16);
  expect([peer.buffered(), terminated()]).toEqual([waiting, 1]);
});
