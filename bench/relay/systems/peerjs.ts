import { MESSAGE_BYTES, type System } from "../system.ts";
import { nextMessage, open, settle } from "./open.ts";

export const peerjs: System = {
  name: "peerjs",
  server: "peerjs.ts",
  async connectPair(port, index) {
    const connect = async (id: string) => {
      const opening = open(`ws://127.0.0.1:${port}/peerjs?key=peerjs&id=${id}&token=t${id}&version=1.5.5`);
      const socket = await opening;
      const { type } = JSON.parse((await nextMessage(socket)).toString()) as { type: string };
      if (type !== "OPEN") throw new Error(`PeerJS answered ${type}`);
      return socket;
    };
    const sender = await connect(`s${index}`);
    const receiver = await connect(`r${index}`);
    const message = JSON.stringify({ type: "OFFER", dst: `r${index}`, payload: "x".repeat(MESSAGE_BYTES) });
    const pair = { send: () => sender.send(message), onMessage: () => {}, sockets: [sender, receiver] };
    settle(sender);
    settle(receiver).on("message", () => pair.onMessage());
    return pair;
  },
};
