import {
  type Call,
  type Client,
  createClient,
  createLocalWallet,
  createMemoryStore,
  newWalletKey,
} from "@skrumble/sdk";
import { firstFrame, now, PICTURE } from "./clock.ts";

/** One person in one browser, on the SDK alone. */

/** Moments of one call on this side, Unix milliseconds. */
export interface Marks {
  started?: number;
  rang?: number;
  accepted?: number;
  frame?: number;
  certified?: number;
  protection?: string;
  ended?: string;
}

let client: Client;
let marks: Marks = {};
let current: Call | undefined;

const media = {
  enumerateDevices: () => navigator.mediaDevices.enumerateDevices(),
  addEventListener: navigator.mediaDevices.addEventListener.bind(navigator.mediaDevices),
  removeEventListener: navigator.mediaDevices.removeEventListener.bind(navigator.mediaDevices),
  getUserMedia: (constraints?: MediaStreamConstraints) =>
    navigator.mediaDevices.getUserMedia({ ...constraints, ...(constraints?.video ? { video: PICTURE } : {}) }),
};

function follow(call: Call): void {
  current = call;
  const mine = marks;
  let watched = false;
  const look = () => {
    const snapshot = call.snapshot();
    if (call.remoteStream && !watched) {
      watched = true;
      void firstFrame(call.remoteStream).then((at) => {
        mine.frame = at;
      });
    }
    if (snapshot.certificate.state === "certified") mine.certified ??= now();
    if (snapshot.protection) mine.protection = snapshot.protection;
    if (snapshot.state === "ended") mine.ended = snapshot.end?.reason ?? "";
  };
  call.on("change", look);
  look();
}

const bench = {
  async join(relays: string[], base: string): Promise<string> {
    client = await createClient({
      relays,
      store: createMemoryStore(),
      calls: { media, framesWorker: () => new Worker("/worker.js", { type: "module" }) },
    });
    await client.join({
      wallet: createLocalWallet(newWalletKey()),
      pseudonym: base + Math.random().toString(36).slice(2, 8),
      securityCode: "measured in the open",
    });
    client.on("contacts", (contact) => {
      if (contact.state === "request-received") void client.contacts.accept(contact.publicId);
    });
    client.on("call", (call) => {
      const { state } = call.snapshot();
      if (state !== "ringing-in") return;
      marks.rang = now();
      marks.accepted = now();
      void call.accept();
      follow(call);
    });
    return client.identity?.publicId ?? "";
  },
  async befriend(publicId: `0x${string}`): Promise<void> {
    const connected = client.once("contacts", (contact) => contact.state === "connected");
    await client.contacts.request(publicId);
    await connected;
  },
  /** Certificates of conversations are on chain: later anchors are those of calls. */
  async settled(): Promise<boolean> {
    const [conversation] = await client.conversations.list();
    return conversation?.certificate.state === "certified";
  },
  clear(): void {
    marks = {};
  },
  async call(publicId: `0x${string}`): Promise<void> {
    marks.started = now();
    follow(await client.calls.start(publicId, { video: true }));
  },
  marks: (): Marks => ({ ...marks }),
  hangUp: () => current?.hangUp(),
};

export type OursBench = typeof bench;
Object.assign(window, { bench });
