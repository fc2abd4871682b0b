import { type Frame, type FrameOf, fromHex, mailboxTag } from "../protocol/index.ts";
import { type Line, type LineDeps, LineError, openLine } from "./line.ts";
import { ownFrame } from "./ownFrame.ts";
import type { MailboxOwner, RelayInfo, StoredPayload } from "./types.ts";

/** Messages of one mailbox; a relay that sends more than fits into one does not keep to the protocol. */
const maxMessages = 16_384;

/** Between two payloads; a relay waits as long for a slow reader. In milliseconds. */
const slowest = 30_000;

export type Reader = Omit<MailboxOwner, "cursors">;

const isOwned = (frame: Frame): frame is FrameOf<"owned"> => frame.frame === "owned";
const isSubscribed = (frame: Frame): frame is FrameOf<"subscribed"> => frame.frame === "subscribed";

/** Reads what a mailbox holds at one relay, oldest first, and acknowledges nothing. @throws LineError */
export async function readStoredAt(
  relay: RelayInfo,
  owner: Reader,
  onPayload: (stored: StoredPayload) => void,
  deps: LineDeps,
  stopped: AbortSignal,
): Promise<void> {
  const { promise: over, resolve, reject } = Promise.withResolvers<void>();
  over.catch(() => undefined);
  let [subscription, last, count] = [-1, 0n, 0];
  let head: bigint | undefined;
  let silence: unknown;

  const listen = () => {
    deps.clock.clearTimeout(silence);
    if (head === undefined) return;
    if (last >= head) resolve();
    else silence = deps.clock.setTimeout(() => reject(new LineError("timeout")), slowest);
  };
  const onMessage = ({ payload, seq, storedAt }: FrameOf<"message">) => {
    if (seq === 0n) return;
    if (++count > maxMessages) return reject(new LineError("lied"));
    last = seq;
    onPayload({ payload, seq, storedAt, relayId: relay.id });
    listen();
  };
  const onFrame = (frame: Frame) =>
    frame.frame === "message" && frame.subscription === subscription && onMessage(frame);
  await withLine(relay, owner, deps, stopped, { onFrame, onClose: reject }, async (line) => {
    subscription = line.nextId();
    head = await subscribe(line, owner, subscription, 0n);
    listen();
    await over.finally(() => deps.clock.clearTimeout(silence));
  });
}

/** Has a relay delete what it holds up to a seq. @throws LineError */
export async function dropStoredAt(
  relay: RelayInfo,
  owner: Reader,
  upTo: bigint,
  deps: LineDeps,
  stopped: AbortSignal,
): Promise<void> {
  await withLine(relay, owner, deps, stopped, {}, async (line) => {
    const subscription = line.nextId();
    await subscribe(line, owner, subscription, upTo);
    line.send({ frame: "ack", subscription, upTo });
    // Frames are taken in order: what comes before this one's answer has arrived.
    await line.ping();
  });
}

async function withLine(
  relay: RelayInfo,
  owner: Reader,
  deps: LineDeps,
  stopped: AbortSignal,
  events: { onFrame?(frame: Frame): void; onClose?(error: LineError): void },
  work: (line: Line) => Promise<void>,
): Promise<void> {
  const line = await openLine(relay, deps, events);
  const close = () => line.close();
  stopped.addEventListener("abort", close, { once: true });
  try {
    if (stopped.aborted) throw new LineError("closed");
    await line.request(await ownFrame(line, relay, owner), isOwned);
    await work(line);
  } finally {
    stopped.removeEventListener("abort", close);
    close();
  }
}

async function subscribe(line: Line, { publicId, reader }: Reader, reqId: number, after: bigint): Promise<bigint> {
  const tag = mailboxTag(fromHex(publicId, 32));
  return (await line.request({ frame: "subscribe", reqId, tag, reader, after }, isSubscribed)).head;
}
