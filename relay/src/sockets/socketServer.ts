import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { MAX_FRAME_BYTES, PROTOCOL_PATH } from "@skrumble/sdk/protocol";
import { type WebSocket, WebSocketServer } from "ws";
import type { RelayCore } from "../core/relayCore.ts";
import { createPeer } from "./peer.ts";

export interface SocketOptions {
  core: RelayCore;
  maxConnections: number;
  maxPerAddress: number;
  addressOf(request: IncomingMessage): string;
}

/** A connection that is silent for twice this long, answering no ping either, is gone. */
const HEARTBEAT_MS = 30_000;
const TICK_MS = 250;
const UNSUPPORTED_DATA = 1003;

/** Carries frames between WebSockets at /v1 and the core. */
export function attachSockets(server: Server, options: SocketOptions) {
  const { core } = options;
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_FRAME_BYTES,
    perMessageDeflate: false,
    skipUTF8Validation: true,
    clientTracking: false,
  });
  const perAddress = new Map<string, number>();
  const alive = new Map<WebSocket, boolean>();

  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on("error", () => socket.destroy());
    if ((request.url ?? "").split("?", 1)[0] !== PROTOCOL_PATH) return refuse(socket, "404 Not Found");
    const address = options.addressOf(request);
    if (alive.size >= options.maxConnections) return refuse(socket, "503 Service Unavailable");
    if ((perAddress.get(address) ?? 0) >= options.maxPerAddress) return refuse(socket, "429 Too Many Requests");
    sockets.handleUpgrade(request, socket, head, (webSocket) => accept(webSocket, address));
  });

  function accept(webSocket: WebSocket, address: string): void {
    perAddress.set(address, (perAddress.get(address) ?? 0) + 1);
    alive.set(webSocket, true);
    const connection = core.connect(createPeer(webSocket));
    webSocket.on("message", (data: Buffer, isBinary: boolean) => {
      alive.set(webSocket, true);
      if (isBinary) connection.receive(data);
      else webSocket.close(UNSUPPORTED_DATA, "binary only");
    });
    webSocket.on("pong", () => alive.set(webSocket, true));
    // Malformed or oversized at the level of WebSocket: ws answers with the fitting close code by itself.
    webSocket.on("error", () => undefined);
    webSocket.on("close", () => {
      alive.delete(webSocket);
      const left = (perAddress.get(address) ?? 1) - 1;
      if (left > 0) perAddress.set(address, left);
      else perAddress.delete(address);
      connection.closed();
    });
  }

  const heartbeat = setInterval(() => {
    for (const [webSocket, answered] of alive) {
      if (!answered) webSocket.terminate();
      else {
        alive.set(webSocket, false);
        webSocket.ping();
      }
    }
  }, HEARTBEAT_MS);
  const tick = setInterval(core.tick, TICK_MS);

  return {
    /** Stops timers and takes no more connections; the open ones are the core's to close. */
    stop(): void {
      clearInterval(heartbeat);
      clearInterval(tick);
      server.removeAllListeners("upgrade");
      server.on("upgrade", (_request, socket: Duplex) => refuse(socket, "503 Service Unavailable"));
    },
    /** Ends whatever is still open. */
    terminate(): void {
      for (const webSocket of alive.keys()) webSocket.terminate();
    },
    open: () => alive.size,
  };
}

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
