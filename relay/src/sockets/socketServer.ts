import type { IncomingMessage, Server } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { MAX_FRAME_BYTES, PROTOCOL_PATH } from "@skrumble/sdk/protocol";
import { type WebSocket, WebSocketServer } from "ws";
import type { AddressLimits, Allowance } from "../core/addressLimits.ts";
import type { Clock } from "../core/ports.ts";
import type { RelayCore } from "../core/relayCore.ts";
import { takeTokens } from "../core/tokenBucket.ts";
import { SocketPeer } from "./peer.ts";
import { cutUnfinished } from "./unfinished.ts";

export interface SocketOptions {
  core: RelayCore;
  addresses: AddressLimits;
  clock: Clock;
  maxConnections: number;
  maxPerAddress: number;
  /** Bytes that frames which are not whole yet may hold together. */
  maxUnfinishedBytes: number;
  addressOf(request: IncomingMessage): string;
}

/** A connection that is silent for twice this long, answering no ping either, is gone. */
const HEARTBEAT_MS = 30_000;
const TICK_MS = 250;
const UNFINISHED_MS = 2_000;
const UNSUPPORTED_DATA = 1003;

/** Carries frames between WebSockets at /v1 and the core. */
export function attachSockets(server: Server, options: SocketOptions) {
  const { core, addresses } = options;
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_FRAME_BYTES,
    perMessageDeflate: false,
    skipUTF8Validation: true,
    clientTracking: false,
  });
  const perAddress = new Map<string, number>();
  const peers = new Set<SocketPeer>();

  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on("error", destroy);
    if ((request.url ?? "").split("?", 1)[0] !== PROTOCOL_PATH) return refuse(socket, "404 Not Found");
    const address = options.addressOf(request);
    if (peers.size >= options.maxConnections) return refuse(socket, "503 Service Unavailable");
    if ((perAddress.get(address) ?? 0) >= options.maxPerAddress) return refuse(socket, "429 Too Many Requests");
    const allowance = addresses.of(address);
    if (takeTokens(allowance.connects, addresses.rates.connects, 1, options.clock.now()) > 0)
      return refuse(socket, "429 Too Many Requests");
    sockets.handleUpgrade(request, socket, head, (webSocket) =>
      accept(webSocket, socket as Socket, address, allowance),
    );
  });

  function accept(webSocket: WebSocket, socket: Socket, address: string, allowance: Allowance): void {
    perAddress.set(address, (perAddress.get(address) ?? 0) + 1);
    const peer = new SocketPeer(webSocket, socket);
    peers.add(peer);
    const connection = core.connect(peer, allowance);
    webSocket.on("message", (data: Buffer, isBinary: boolean) => {
      peer.received();
      if (isBinary) connection.receive(data);
      else webSocket.close(UNSUPPORTED_DATA, "binary only");
    });
    const onControl = (data: Buffer) => peer.controlled(data);
    webSocket.on("pong", onControl);
    webSocket.on("ping", onControl);
    // Malformed or oversized at the level of WebSocket: ws answers with the fitting close code by itself.
    webSocket.on("error", ignore);
    webSocket.on("close", () => {
      peers.delete(peer);
      const left = (perAddress.get(address) ?? 1) - 1;
      if (left > 0) perAddress.set(address, left);
      else perAddress.delete(address);
      connection.closed();
    });
  }

  const heartbeat = setInterval(() => {
    for (const peer of peers) peer.heartbeat();
  }, HEARTBEAT_MS);
  const tick = setInterval(core.tick, TICK_MS);
  const unfinished = setInterval(() => cutUnfinished(peers, options.maxUnfinishedBytes), UNFINISHED_MS);

  return {
    /** Stops timers and takes no more connections; the open ones are the core's to close. */
    stop(): void {
      clearInterval(heartbeat);
      clearInterval(tick);
      clearInterval(unfinished);
      server.removeAllListeners("upgrade");
      server.on("upgrade", (_request, socket: Duplex) => refuse(socket, "503 Service Unavailable"));
    },
    /** Ends whatever is still open. */
    terminate(): void {
      for (const peer of peers) peer.terminate();
    },
    open: () => peers.size,
  };
}

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

/** One function for all sockets: a closure each would be memory for nothing. */
function destroy(this: Duplex): void {
  this.destroy();
}

function ignore(): void {}
