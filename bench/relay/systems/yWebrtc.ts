import { MESSAGE_BYTES, type System } from "../system.ts";
import { nextMessage, open, settle } from "./open.ts";

export const yWebrtc: System = {
  name: "y-webrtc",
  server: "yWebrtc.ts",
  async connectPair(port, index) {
    const sender = await open(`ws://127.0.0.1:${port}/`);
    const receiver = await open(`ws://127.0.0.1:${port}/`);
    const topic = `topic${index}`;
    receiver.send(JSON.stringify({ type: "subscribe", topics: [topic] }));
    receiver.send(JSON.stringify({ type: "ping" }));
    await nextMessage(receiver);
    const message = JSON.stringify({ type: "publish", topic, data: "x".repeat(MESSAGE_BYTES) });
    const pair = { send: () => sender.send(message), onMessage: () => {}, sockets: [sender, receiver] };
    settle(sender);
    settle(receiver).on("message", () => pair.onMessage());
    return pair;
  },
};
