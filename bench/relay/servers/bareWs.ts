import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type WebSocket, WebSocketServer } from "ws";
import { answerBench } from "./answer.ts";

/** The least a server can do with ws: a message begins with the number of the connection it is for. */
const server = createServer();
const sockets = new WebSocketServer({ server, perMessageDeflate: false, skipUTF8Validation: true });
const receivers: WebSocket[] = [];
sockets.on("connection", (socket, request) => {
  const id = Number(request.url?.slice(1));
  receivers[id] = socket;
  socket.on("message", (data: Buffer) => {
    const receiver = receivers[data.readUInt32BE(0)];
    if (receiver?.readyState === receiver?.OPEN) receiver?.send(data);
  });
});
server.listen(0, "127.0.0.1", () => answerBench((server.address() as AddressInfo).port));
