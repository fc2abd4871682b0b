import { randomBytes } from "node:crypto";
import { ed25519 } from "@noble/curves/ed25519.js";
import {
  decodeFrame,
  deviceCertMessage,
  encodeFrame,
  type Frame,
  type FrameName,
  type FrameOf,
  mailboxTag,
  ownMessage,
  wireErrorName,
} from "@skrumble/sdk/protocol";
import { onTestFinished } from "vitest";
import { WebSocket } from "ws";

/** A client that speaks frames and hides nothing. */
export interface Wire {
  readonly greeting: FrameOf<"greeting">;
  readonly socket: WebSocket;
  send(frame: Frame): void;
  sendRaw(bytes: Uint8Array): void;
  /** The next frame of this kind (and reqId), taken out of what has arrived or will. */
  take<N extends FrameName>(name: N, reqId?: number): Promise<FrameOf<N>>;
  /** Name of the next error for a reqId. */
  takeError(reqId: number): Promise<string>;
  /** Frames that arrived and were not taken. */
  left(): Frame[];
  /** Resolves with the close code. */
  closed: Promise<number>;
  close(): void;
}

export async function connectWire(url: string, headers: Record<string, string> = {}): Promise<Wire> {
  const socket = new WebSocket(`${url.replace(/^http/, "ws")}/v1`, { perMessageDeflate: false, headers });
  const arrived: Frame[] = [];
  let waiting: { match(frame: Frame): boolean; resolve(frame: Frame): void; reject(error: Error): void }[] = [];
  const closed = new Promise<number>((resolve) => {
    socket.on("close", (code) => {
      for (const { reject } of waiting) reject(new Error(`closed with ${code}`));
      resolve(code);
    });
  });
  socket.on("error", () => undefined);
  socket.on("message", (data: Buffer) => {
    const frame = decodeFrame(new Uint8Array(data));
    const index = waiting.findIndex(({ match }) => match(frame));
    if (index < 0) arrived.push(frame);
    else waiting.splice(index, 1)[0]?.resolve(frame);
  });

  function take<N extends FrameName>(name: N, reqId?: number): Promise<FrameOf<N>> {
    const match = (frame: Frame): boolean =>
      frame.frame === name && (reqId === undefined || !("reqId" in frame) || frame.reqId === reqId);
    const index = arrived.findIndex(match);
    if (index >= 0) return Promise.resolve(arrived.splice(index, 1)[0] as FrameOf<N>);
    if (socket.readyState === WebSocket.CLOSED) return Promise.reject(new Error("closed"));
    return new Promise((resolve, reject) => {
      waiting.push({ match, resolve: resolve as (frame: Frame) => void, reject });
    });
  }

  onTestFinished(() => socket.terminate());
  const greeting = await take("greeting");
  return {
    ...{ greeting, socket, closed, take },
    send: (frame) => socket.send(encodeFrame(frame)),
    sendRaw: (bytes) => socket.send(bytes),
    takeError: async (reqId) => wireErrorName((await take("error", reqId)).code),
    left: () => [...arrived],
    close() {
      waiting = [];
      socket.close();
    },
  };
}

/** A person with one device, as far as a relay can tell. */
export interface TestOwner {
  publicId: Uint8Array;
  tag: Uint8Array;
  deviceKey: Uint8Array;
  cert: { keyVersion: number; issuedAt: number; signature: Uint8Array };
  reader: Uint8Array;
  sign(message: Uint8Array): Uint8Array;
  /** Another device of the same person. */
  otherDevice(): TestOwner;
}

export function createOwner(identitySecret: Uint8Array = randomBytes(32)): TestOwner {
  const deviceSecret = randomBytes(32);
  const publicId = ed25519.getPublicKey(identitySecret);
  const deviceKey = ed25519.getPublicKey(deviceSecret);
  const word = { deviceKey, keyVersion: 1, issuedAt: 1_790_000_000_000 };
  return {
    ...{ publicId, tag: mailboxTag(publicId), deviceKey, reader: randomBytes(16) },
    cert: { ...word, signature: ed25519.sign(deviceCertMessage(word), identitySecret) },
    sign: (message) => ed25519.sign(message, deviceSecret),
    otherDevice: () => createOwner(identitySecret),
  };
}

export function ownFrame(owner: TestOwner, greeting: FrameOf<"greeting">, reqId = 1): FrameOf<"own"> {
  const { publicId, deviceKey, cert } = owner;
  const signature = owner.sign(ownMessage({ ...greeting, publicId }));
  const { keyVersion, issuedAt } = cert;
  return { frame: "own", reqId, publicId, deviceKey, keyVersion, issuedAt, cert: cert.signature, signature };
}

/** Connects, proves ownership and subscribes as reqId 2. */
export async function openMailbox(url: string, owner: TestOwner, after = 0n): Promise<Wire & { head: bigint }> {
  const wire = await connectWire(url);
  wire.send(ownFrame(owner, wire.greeting));
  await wire.take("owned");
  wire.send({ frame: "subscribe", reqId: 2, tag: owner.tag, reader: owner.reader, after });
  const { head } = await wire.take("subscribed");
  return Object.assign(wire, { head });
}

export function depositFrame(
  tag: Uint8Array,
  reqId: number,
  payload: Uint8Array,
  ttl = 3600,
  flags = 0,
): FrameOf<"deposit"> {
  return { frame: "deposit", reqId, tag, ttl, flags, payload };
}

/** A payload whose first four bytes are its number. */
export function numbered(number: number, size = 512): Uint8Array {
  const payload = Buffer.alloc(size, number & 0xff);
  payload.writeUInt32BE(number);
  return payload;
}

export const numberOf = (payload: Uint8Array): number =>
  Buffer.from(payload.buffer, payload.byteOffset, payload.length).readUInt32BE();
