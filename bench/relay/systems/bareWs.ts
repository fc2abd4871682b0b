import { MESSAGE_BYTES, type System } from "../system.ts";
import { open, settle } from "./open.ts";

export const bareWs: System = {
  name: "ws",
  server: "bareWs.ts",
  async connectPair(port, index) {
    const sender = await open(`ws://127.0.0.1:${port}/${2 * index}`);
    const receiver = await open(`ws://127.0.0.1:${port}/${2 * index + 1}`);
    const message = Buffer.alloc(MESSAGE_BYTES, 7);
    message.writeUInt32BE(2 * index + 1);
    const pair = { send: () => sender.send(message), onMessage: () => {}, sockets: [sender, receiver] };
    settle(sender);
    settle(receiver).on("message", () => pair.onMessage());
    return pair;
  },
};
