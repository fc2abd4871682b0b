import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { decodeFrame, encodeFrame, type Frame } from "@skrumble/sdk/protocol";
import { onTestFinished } from "vitest";
import { WebSocket, WebSocketServer } from "ws";

/** Stands between clients and a real relay and changes what passes: a relay that lies. */
export interface Meddler {
  readonly url: string;
  /** What a frame of the relay becomes on its way to the client; several, another or none. */
  toClient: (frame: Frame) => Frame[];
  /** Kinds of frames each client connection has sent. */
  readonly connections: Set<string>[];
  /** Sent to every client as it is, right after the greeting. */
  garbage: Uint8Array | undefined;
}

export async function startMeddler(relayUrl: string): Promise<Meddler> {
  const server = createServer();
  const sockets = new WebSocketServer({ server });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  onTestFinished(() => {
    for (const client of sockets.clients) client.terminate();
    server.close();
  });
  const meddler: Meddler = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    toClient: (frame) => [frame],
    connections: [],
    garbage: undefined,
  };
  sockets.on("connection", (client) => {
    const kinds = new Set<string>();
    meddler.connections.push(kinds);
    const relay = new WebSocket(`${relayUrl.replace(/^http/, "ws")}/v1`);
    const waiting: Buffer[] = [];
    client.on("message", (data: Buffer) => {
      kinds.add(decodeFrame(new Uint8Array(data)).frame);
      if (relay.readyState === WebSocket.OPEN) relay.send(data);
      else waiting.push(data);
    });
    relay.on("open", () => {
      for (const data of waiting) relay.send(data);
    });
    relay.on("message", (data: Buffer) => {
      const frame = decodeFrame(new Uint8Array(data));
      for (const changed of meddler.toClient(frame)) client.send(encodeFrame(changed));
      if (frame.frame === "greeting" && meddler.garbage) client.send(meddler.garbage);
    });
    client.on("close", () => relay.close());
    relay.on("close", () => client.close());
    client.on("error", () => undefined);
    relay.on("error", () => client.close());
  });
  return meddler;
}
