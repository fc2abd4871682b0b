import { Peer } from "peerjs";
import { firstFrame, now, PICTURE, SOUND } from "./clock.ts";

/** The same call with PeerJS and its server: the way its own documentation does it. */

export interface PeerMarks {
  started?: number;
  frame?: number;
}

let peer: Peer;
let marks: PeerMarks = {};
let close: (() => void) | undefined;

const open = () => navigator.mediaDevices.getUserMedia({ audio: SOUND, video: PICTURE });

function follow(call: ReturnType<Peer["call"]>, local: MediaStream): void {
  const mine = marks;
  let seen = false;
  call.on("stream", (stream) => {
    if (seen) return;
    seen = true;
    void firstFrame(stream).then((at) => {
      mine.frame = at;
    });
  });
  close = () => {
    call.close();
    for (const track of local.getTracks()) track.stop();
  };
}

const bench = {
  async open(port: number, id: string): Promise<void> {
    peer = new Peer(id, { host: "localhost", port, path: "/", key: "peerjs", config: { iceServers: [] } });
    peer.on("call", async (call) => {
      const stream = await open();
      call.answer(stream);
      follow(call, stream);
    });
    await new Promise<void>((resolve, reject) => {
      peer.on("open", () => resolve());
      peer.on("error", reject);
    });
  },
  clear(): void {
    marks = {};
  },
  async call(id: string): Promise<void> {
    marks.started = now();
    const stream = await open();
    follow(peer.call(id, stream), stream);
  },
  marks: (): PeerMarks => ({ ...marks }),
  hangUp: () => close?.(),
};

export type PeerBench = typeof bench;
Object.assign(window, { bench });
