import { createPrivateKey, generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";
import {
  DEPOSIT_EPHEMERAL,
  decodeFrame,
  deviceCertMessage,
  encodeFrame,
  type Frame,
  MESSAGE,
  mailboxTag,
  ownMessage,
} from "@skrumble/sdk/protocol";
import type { WebSocket } from "ws";
import { MESSAGE_BYTES, type System } from "../system.ts";
import { nextMessage, open, settle } from "./open.ts";

async function next(socket: WebSocket, expected: Frame["frame"]): Promise<Frame> {
  const frame = decodeFrame(new Uint8Array(await nextMessage(socket)));
  if (frame.frame !== expected) throw new Error(`expected ${expected}, got ${JSON.stringify(frame.frame)}`);
  return frame;
}

function newKey(): { key: KeyObject; raw: Uint8Array } {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const raw = new Uint8Array(publicKey.export({ format: "der", type: "spki" }).subarray(12));
  return { key: createPrivateKey(privateKey.export({ format: "pem", type: "pkcs8" }).toString()), raw };
}

/** Opens a mailbox with everything a real owner proves. */
async function openMailbox(url: string): Promise<{ socket: WebSocket; tag: Uint8Array }> {
  const identity = newKey();
  const device = newKey();
  const socket = await open(url);
  const greeting = await next(socket, "greeting");
  if (greeting.frame !== "greeting") throw new Error("no greeting");
  const word = { deviceKey: device.raw, keyVersion: 1, issuedAt: 1 };
  const publicId = identity.raw;
  const cert = sign(null, deviceCertMessage(word), identity.key);
  const signature = sign(null, ownMessage({ ...greeting, publicId }), device.key);
  socket.send(encodeFrame({ frame: "own", reqId: 1, publicId, ...word, cert, signature }));
  await next(socket, "owned");
  const tag = mailboxTag(publicId);
  socket.send(encodeFrame({ frame: "subscribe", reqId: 2, tag, reader: randomBytes(16), after: 0n }));
  await next(socket, "subscribed");
  return { socket, tag };
}

/** An anonymous connection, ready to deposit. */
export async function openSender(url: string): Promise<WebSocket> {
  const socket = await open(url);
  await next(socket, "greeting");
  return socket;
}

/** Forwarding online is what an ephemeral deposit does: call signalling, typing. */
export const skrumble: System = {
  name: "skrumble",
  server: "skrumble.ts",
  async connectPair(port) {
    const url = `ws://127.0.0.1:${port}/v1`;
    const { socket: receiver, tag } = await openMailbox(url);
    const sender = await openSender(url);
    const payload = new Uint8Array(MESSAGE_BYTES).fill(7);
    const message = encodeFrame({ frame: "deposit", reqId: 1, tag, ttl: 0, flags: DEPOSIT_EPHEMERAL, payload });
    const pair = { send: () => sender.send(message), onMessage: () => {}, sockets: [sender, receiver] };
    settle(sender);
    settle(receiver).on("message", (data: Buffer) => data[1] === MESSAGE.type && pair.onMessage());
    return pair;
  },
};
