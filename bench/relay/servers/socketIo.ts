import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Server } from "socket.io";
import { answerBench } from "./answer.ts";

/** socket.io as its guide has it: everybody is in a room of their own name, a message names its room. */
const server = createServer();
const io = new Server(server, { transports: ["websocket"], perMessageDeflate: false });
io.on("connection", (socket) => {
  socket.on("join", (room: string, done: () => void) => {
    socket.join(room);
    done();
  });
  socket.on("message", (room: string, payload: string) => {
    io.to(room).emit("message", payload);
  });
});
server.listen(0, "127.0.0.1", () => answerBench((server.address() as AddressInfo).port));
