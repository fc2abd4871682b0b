import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { WebSocket } from "ws";
import type { Peer } from "../core/ports.ts";

/** Time a peer gets to answer our close before the line is cut. */
const CLOSE_MS = 2_000;
/** A peer that leaves so much unread is cut off. More than any of the core's own limits lets wait on one connection. */
export const MAX_UNSENT_BYTES = 6 * 1024 * 1024;
/** RFC 6455, 5.2: final frame, binary, not masked. */
const BINARY = 0x82;
/** Header of a client's control frame. */
const MASKED_HEAD = 6;
/** Below this a copy costs less than a second write. */
const COPY_BYTES = 4096;

/**
 * The core's view of a WebSocket. Frames are written to the TCP socket in one piece, header and all, which costs the
 * kernel and Node half of what ws's own two-part write does; ws still reads, and does pings, closing and errors.
 * That is sound because ws is told to compress nothing, and so never keeps a frame back that ours could overtake.
 */
export class SocketPeer implements Peer {
  readonly #webSocket: WebSocket;
  readonly #socket: Duplex & Pick<Socket, "bytesRead">;
  /** How much of what was read is done with. */
  #whole: number;
  /** Has answered since the last heartbeat. */
  alive = true;

  constructor(webSocket: WebSocket, socket: Duplex & Pick<Socket, "bytesRead">) {
    this.#webSocket = webSocket;
    this.#socket = socket;
    this.#whole = socket.bytesRead;
  }

  #isOpen(): boolean {
    if (this.#webSocket.readyState !== this.#webSocket.OPEN) return false;
    if (this.#socket.writableLength <= MAX_UNSENT_BYTES) return true;
    this.#webSocket.terminate();
    return false;
  }

  send(frame: Uint8Array): void {
    const { length } = frame;
    const head = headBytes(length);
    if (length <= COPY_BYTES) {
      const roomy = Buffer.allocUnsafe(head + length);
      roomy.set(frame, head);
      this.sendInPlace(roomy, head);
    } else if (this.#isOpen()) {
      const header = Buffer.allocUnsafe(head);
      writeHead(header, head, length);
      this.#socket.cork();
      this.#socket.write(header);
      this.#socket.write(frame);
      this.#socket.uncork();
    }
  }

  sendInPlace(buffer: Buffer, start: number): void {
    if (!this.#isOpen()) return;
    const head = writeHead(buffer, start, buffer.length - start);
    this.#socket.write(start === head ? buffer : buffer.subarray(start - head));
  }

  cork(): void {
    this.#socket.cork();
  }

  uncork(): void {
    this.#socket.uncork();
  }

  buffered(): number {
    return this.#socket.writableLength;
  }

  close(code: number, reason: string): void {
    this.#webSocket.close(code, reason);
    // A peer that does not read does not see the close either.
    setTimeout(() => this.#webSocket.terminate(), CLOSE_MS).unref();
  }

  /** A frame of the protocol has come, and with it everything that was read so far, but for the piece that came with it. */
  received(): void {
    this.alive = true;
    this.#whole = this.#socket.bytesRead;
  }

  /** A ping or pong of the WebSocket has come, which says nothing about the frame it may have come in the middle of. */
  controlled(data: Buffer): void {
    this.alive = true;
    this.#whole += MASKED_HEAD + data.length;
  }

  /** Bytes read of a frame that is not whole yet. */
  unfinished(): number {
    return Math.max(0, this.#socket.bytesRead - this.#whole);
  }

  /** Asks for a sign of life; a peer that gave none since the last time is cut off. */
  heartbeat(): void {
    if (!this.alive) this.#webSocket.terminate();
    else {
      this.alive = false;
      this.#webSocket.ping();
    }
  }

  terminate(): void {
    this.#webSocket.terminate();
  }
}

function headBytes(length: number): number {
  return length < 126 ? 2 : length < 0x1_0000 ? 4 : 10;
}

/** Writes the WebSocket header that ends at `end`; returns its size. */
function writeHead(buffer: Buffer, end: number, length: number): number {
  const head = headBytes(length);
  let at = end - head;
  buffer[at++] = BINARY;
  if (head === 2) buffer[at] = length;
  else if (head === 4) {
    buffer[at++] = 126;
    buffer[at++] = length >>> 8;
    buffer[at] = length & 0xff;
  } else {
    buffer[at++] = 127;
    buffer.writeUInt32BE(0, at);
    buffer.writeUInt32BE(length, at + 4);
  }
  return head;
}
