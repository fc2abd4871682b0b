import { randomBytes } from "node:crypto";
import { encodeFrame, FRAMES } from "@skrumble/sdk/protocol";
import type { WebSocket } from "ws";
import { MESSAGE_BYTES, startServer } from "./system.ts";
import { settle } from "./systems/open.ts";
import { openSender, skrumble } from "./systems/skrumble.ts";

const SENDERS = 1000;
const WINDOW = 8;
const WARM_UP = 20_000;
const MESSAGES = 100_000;

/**
 * One run: 1,000 connections deposit 1 KB into 1,000 mailboxes; a message counts when its receipt has come, which is after
 * the commit that holds it is on disk. Messages per second of wall time.
 */
export async function measureDurable(): Promise<number> {
  const server = await startServer(skrumble);
  const url = `ws://127.0.0.1:${server.port}/v1`;
  const sockets: WebSocket[] = [];
  for (let at = 0; at < SENDERS; at += 50) {
    sockets.push(...(await Promise.all(Array.from({ length: 50 }, () => openSender(url)))));
  }
  const payload = new Uint8Array(MESSAGE_BYTES).fill(7);
  const frames = sockets.map(() =>
    encodeFrame({ frame: "deposit", reqId: 1, tag: randomBytes(32), ttl: 86_400, flags: 0, payload }),
  );
  let onReceipt: (index: number) => void = () => {};
  let refused = 0;
  sockets.forEach((socket, index) => {
    settle(socket).on("message", (data: Buffer) => {
      if (data[1] !== FRAMES.receipt[0]) refused++;
      onReceipt(index);
    });
  });
  const pump = (count: number) =>
    new Promise<void>((resolve) => {
      let toSend = count;
      let toCome = count;
      const send = (index: number) => {
        if (toSend === 0) return;
        toSend--;
        sockets[index]?.send(frames[index] as Uint8Array);
      };
      onReceipt = (index) => {
        if (--toCome === 0) resolve();
        else send(index);
      };
      for (let i = 0; i < WINDOW; i++) for (let index = 0; index < SENDERS; index++) send(index);
    });
  await pump(WARM_UP);
  const begin = performance.now();
  await pump(MESSAGES);
  const seconds = (performance.now() - begin) / 1000;
  for (const socket of sockets) socket.terminate();
  await server.stop();
  if (refused > 0) throw new Error(`${refused} deposits were refused`);
  return MESSAGES / seconds;
}
