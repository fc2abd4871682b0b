import { sha256 } from "@noble/hashes/sha2.js";
import { type Frame, type FrameOf, fromHex, mailboxTag, toHex } from "../protocol/index.ts";
import { type BackoffDeps, backoffMs, pause } from "./backoff.ts";
import { type Line, type LineDeps, LineError, openLine } from "./line.ts";
import type { LineWatcher } from "./lines.ts";
import { ownFrame } from "./ownFrame.ts";
import type { IncomingPayload, MailboxOwner, RelayInfo } from "./types.ts";

export interface MailboxDeps extends LineDeps, BackoffDeps {
  watcher: LineWatcher;
}

type Handler = (incoming: IncomingPayload) => Promise<void>;

/** Payloads remembered, to drop the copies that the other relays deliver. */
const REMEMBERED = 4096;
/** Messages that may wait for the handler before the relay is asked to hold back until all of them are done. */
const MAX_WAITING = 2048;
const MAX_WAITING_BYTES = 128 * 1024 * 1024;

/** Acknowledgements wait so long for further ones, in milliseconds: a relay counts frames. */
const ACK_PAUSE = 50;

/** Above every seq: a subscription from here on brings nothing that is stored. */
const NOTHING = 0xffff_ffff_ffff_ffffn;

/** While a backlog is read, what is left is told in steps of so many messages; nobody hears of a shorter one. */
const TOLD_EVERY = 50;

/** Runs the handler for one payload at a time, and once per payload, whichever relays bring it. */
export function createInbox(handler: Handler) {
  const seen = new Map<string, Promise<void>>();
  let last: Promise<unknown> = Promise.resolve();

  /** Resolves when the payload was handled, now or before; rejects when the handler did. */
  return function take(incoming: IncomingPayload): Promise<void> {
    const key = toHex(sha256(incoming.payload));
    const before = seen.get(key);
    if (before) return before;
    const handled = last.then(() => handler(incoming));
    last = handled.catch(() => undefined);
    seen.set(key, handled);
    // A payload that was not handled is taken again when a relay brings it again.
    handled.catch(() => seen.delete(key));
    if (seen.size > REMEMBERED) seen.delete(seen.keys().next().value as string);
    return handled;
  };
}

const isOwned = (frame: Frame): frame is FrameOf<"owned"> => frame.frame === "owned";
const isSubscribed = (frame: Frame): frame is FrameOf<"subscribed"> => frame.frame === "subscribed";

/**
 * Reads one's mailbox at one relay until `stopped`: connects, proves ownership, subscribes from the cursor, and does it
 * all again whenever the line breaks.
 * @param relayNow what is known of the relay now, asked before every connection
 */
export async function readMailbox(
  relayNow: () => RelayInfo,
  owner: MailboxOwner,
  take: (incoming: IncomingPayload) => Promise<void>,
  deps: MailboxDeps,
  stopped: AbortSignal,
  onReady: () => void,
): Promise<void> {
  const tag = mailboxTag(fromHex(owner.publicId, 32));
  let round = 0;
  let relay = relayNow();
  for (; !stopped.aborted; round++) {
    relay = relayNow();
    let wait = 0;
    try {
      await session();
    } catch (error) {
      if (error instanceof LineError) wait = error.retryAfterMs;
    }
    deps.watcher.state(relay, "mailbox", "offline");
    if (stopped.aborted) return;
    await pause(Math.max(wait, backoffMs(round, deps)), deps.clock, stopped);
  }

  /** One connection from beginning to end. Always ends by throwing. */
  async function session(): Promise<never> {
    deps.watcher.state(relay, "mailbox", "connecting");
    let cursor = (await owner.cursors.get(relay.id)) ?? 0n;
    let line: Line | undefined;
    let waiting = 0;
    let waitingBytes = 0;
    let failed = false;
    let settled: Promise<void> = Promise.resolve();
    let ended: (error: LineError) => void = () => undefined;
    const end = new Promise<never>((_, reject) => {
      ended = reject;
    });
    end.catch(() => undefined);
    let subscription = 0;
    /** Nothing that is stored is taken in until what waits is done. */
    let held = false;
    let acking: unknown;
    const backlog = { left: 0, end: 0n, told: 0 };

    function tellBehind(): void {
      const { left, told } = backlog;
      if (left === told || (left > 0 && Math.abs(told - left) < TOLD_EVERY)) return;
      deps.watcher.behind(relay, left);
      backlog.told = left;
    }

    async function done(seq: bigint): Promise<void> {
      // After a payload that was not handled the cursor stays before it.
      if (seq <= cursor || failed) return;
      cursor = seq;
      await owner.cursors.set(relay.id, seq);
      acking ??= deps.clock.setTimeout(acknowledge, ACK_PAUSE);
    }

    /** One for all that are done by now. */
    function acknowledge(): void {
      acking = undefined;
      if (!held && cursor > 0n) line?.send({ frame: "ack", subscription, upTo: cursor });
    }

    function onMessage({ payload, seq, storedAt }: FrameOf<"message">): void {
      waiting++;
      waitingBytes += payload.length;
      const ack = () => void (seq > 0n && done(seq).catch(() => line?.close()));
      const handled = take({ payload, relayId: relay.id, seq, storedAt, ack });
      // In the relay's order: a copy that another relay brought earlier must not be acknowledged before what is still
      // being handled, because an acknowledgement covers all before it.
      settled = settled
        .then(() => handled)
        .then(() => {
          waiting--;
          waitingBytes -= payload.length;
          // What comes live, above the end, is no backlog.
          if (seq > 0n && seq <= backlog.end) backlog.left = seq === backlog.end ? 0 : Math.max(0, backlog.left - 1);
          tellBehind();
          ack();
          if (held && waiting === 0) resume();
        });
      if (!held && (waiting >= MAX_WAITING || waitingBytes >= MAX_WAITING_BYTES)) hold();
      settled.catch(() => {
        // Not acknowledged: a new connection begins again at the cursor and brings it once more.
        failed = true;
        line?.close();
      });
      handled.catch(() => undefined);
    }

    /** Calls ring also while a backlog is read. */
    const fits = ({ seq }: FrameOf<"message">) => !held || (seq === 0n && waiting < 2 * MAX_WAITING);
    const subscribe = (after: bigint) => {
      subscription = (line as Line).nextId();
      const { reader } = owner;
      return (line as Line).request({ frame: "subscribe", reqId: subscription, tag, reader, after }, isSubscribed);
    };
    /** A WebSocket cannot be told to wait, but a subscription of the same reader takes the place of the one before. */
    function hold(): void {
      held = true;
      subscribe(NOTHING).catch(() => line?.close());
    }
    function resume(): void {
      held = false;
      subscribe(cursor).then(startBacklog, () => line?.close());
    }
    function startBacklog({ head, waiting: left }: FrameOf<"subscribed">): void {
      Object.assign(backlog, { left, end: head });
      tellBehind();
      // What was done when the last line broke.
      acknowledge();
    }

    line = await openLine(relay, deps, {
      onFrame: (frame) =>
        frame.frame === "message" && frame.subscription === subscription && fits(frame) && onMessage(frame),
      onClose: (error) => ended(error),
      onRtt: (rtt) => deps.watcher.rtt(relay, rtt),
    });
    const close = () => line?.close();
    stopped.addEventListener("abort", close, { once: true });
    if (stopped.aborted) close();
    try {
      await line.request(await ownFrame(line, relay, owner), isOwned);
      let subscribed = await subscribe(cursor);
      if (subscribed.head !== 0n && subscribed.head < cursor) {
        // The relay began anew below what we have seen: read all of it, copies are dropped.
        cursor = 0n;
        subscribed = await subscribe(0n);
      }
      startBacklog(subscribed);
      round = 0;
      deps.watcher.state(relay, "mailbox", "online");
      onReady();
      return await end;
    } finally {
      stopped.removeEventListener("abort", close);
      deps.clock.clearTimeout(acking);
      backlog.left = 0;
      tellBehind();
      line.close();
    }
  }
}
