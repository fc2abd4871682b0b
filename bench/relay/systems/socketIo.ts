import { MESSAGE_BYTES, type System } from "../system.ts";
import { nextMessage, open, settle } from "./open.ts";

/** socket.io spoken by hand (Engine.IO 4, Socket.IO 5), so that every server has the same client. */
export const socketIo: System = {
  name: "socket.io",
  server: "socketIo.ts",
  async connectPair(port, index) {
    const connect = async () => {
      const socket = await open(`ws://127.0.0.1:${port}/socket.io/?EIO=4&transport=websocket`);
      await nextMessage(socket);
      socket.send("40");
      await nextMessage(socket);
      return socket;
    };
    const sender = await connect();
    const receiver = await connect();
    receiver.send(`420["join","room${index}"]`);
    await nextMessage(receiver);
    const message = `42${JSON.stringify(["message", `room${index}`, "x".repeat(MESSAGE_BYTES)])}`;
    const pair = { send: () => sender.send(message), onMessage: () => {}, sockets: [sender, receiver] };
    for (const socket of [sender, receiver]) {
      settle(socket).on("message", (data: Buffer) => data.length === 1 && data[0] === 0x32 && socket.send("3"));
    }
    receiver.on("message", (data: Buffer) => data.length > MESSAGE_BYTES && pair.onMessage());
    return pair;
  },
};
