import { once } from "node:events";
import { WebSocket } from "ws";

/** Messages that came before anybody asked for them: a server may speak in the same packet that opens the connection. */
const early = new WeakMap<WebSocket, Buffer[]>();

/** The same client for every server: ws, no compression. */
export async function open(url: string): Promise<WebSocket> {
  const socket = new WebSocket(url, { perMessageDeflate: false, skipUTF8Validation: true });
  const kept: Buffer[] = [];
  early.set(socket, kept);
  socket.on("message", (data: Buffer) => early.has(socket) && kept.push(data));
  await once(socket, "open");
  return socket;
}

/** Resolves with the next message during set-up. */
export async function nextMessage(socket: WebSocket): Promise<Buffer> {
  const kept = early.get(socket) ?? [];
  while (kept.length === 0) await once(socket, "message");
  return kept.shift() as Buffer;
}

/** The set-up is over: from here on messages are only counted. */
export function settle(socket: WebSocket): WebSocket {
  early.delete(socket);
  socket.removeAllListeners("message");
  return socket;
}
