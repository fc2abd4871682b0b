import {
  type ClientFrame,
  decodeFrame,
  encodeFrame,
  equalBytes,
  type Frame,
  type FrameOf,
  fromHex,
  PROTOCOL_PATH,
  type WireErrorCode,
  wireErrorName,
} from "../protocol/index.ts";
import type { RelayClock, RelayInfo, RelayPoolLimits } from "./types.ts";

/** Why a relay did not do what it was asked. Stays inside this room; callers of the pool get a SkrumbleError. */
export class LineError extends Error {
  override readonly name = "LineError";
  readonly reason: WireErrorCode | "unreachable" | "timeout" | "closed" | "lied";
  readonly retryAfterMs: number;
  constructor(reason: LineError["reason"], retryAfterMs = 0) {
    super(reason);
    this.reason = reason;
    this.retryAfterMs = retryAfterMs;
  }
}

export interface LineDeps {
  webSocket: typeof WebSocket;
  clock: RelayClock;
  limits: RelayPoolLimits;
  /** A relay did not keep to the protocol, or signed what is not so: what is known of it may be out of date. */
  onLie?: () => void;
}

/** An open connection to one relay that has introduced itself with the key the registry gives for it. */
export interface Line {
  readonly relay: RelayInfo;
  readonly greeting: FrameOf<"greeting">;
  readonly closed: boolean;
  /** Requests under way. */
  pending(): number;
  send(frame: ClientFrame): void;
  /** A reqId nobody on this line uses. */
  nextId(): number;
  /**
   * Sends a request and waits for the frame with its reqId that `isAnswer` accepts.
   * @throws LineError
   */
  request<F extends Frame>(
    frame: Extract<ClientFrame, { reqId: number }>,
    isAnswer: (frame: Frame) => frame is F,
    timeout?: number,
  ): Promise<F>;
  /** Round-trip time of a ping in milliseconds. */
  ping(): Promise<number>;
  close(): void;
}

export interface LineEvents {
  onFrame?(frame: Frame): void;
  onClose?(error: LineError): void;
  onRtt?(milliseconds: number): void;
}

interface Waiting {
  take(frame: Frame): boolean;
  fail(error: LineError): void;
}

/** `ws://host/v1` of a registered endpoint, or undefined for something that is no http(s) URL. */
export function socketUrl(endpoint: string): string | undefined {
  try {
    const url = new URL(endpoint);
    if (url.protocol !== "http:" && url.protocol !== "https:") return undefined;
    return `${url.protocol === "https:" ? "wss:" : "ws:"}//${url.host}${url.pathname.replace(/\/+$/, "")}${PROTOCOL_PATH}`;
  } catch {
    return undefined;
  }
}

/**
 * Connects to a relay and waits for its greeting.
 * @throws LineError `unreachable` or `lied` (the key is not the one the registry gives)
 */
export function openLine(relay: RelayInfo, deps: LineDeps, events: LineEvents = {}): Promise<Line> {
  const { clock, limits } = deps;
  const url = socketUrl(relay.endpoint);
  if (!url) return Promise.reject(new LineError("unreachable"));
  return new Promise((resolve, reject) => {
    let socket: WebSocket;
    try {
      socket = new deps.webSocket(url);
    } catch {
      // A page under https may not open ws://.
      reject(new LineError("unreachable"));
      return;
    }
    socket.binaryType = "arraybuffer";
    const waiting = new Map<number, Waiting>();
    let lastId = 0;
    let greeting: FrameOf<"greeting"> | undefined;
    let closed = false;
    let heartbeat: unknown;
    const opening = clock.setTimeout(() => end(new LineError("unreachable")), limits.connectTimeout);

    function end(error: LineError): void {
      if (closed) return;
      closed = true;
      if (error.reason === "lied") deps.onLie?.();
      clock.clearTimeout(opening);
      clock.clearTimeout(heartbeat);
      try {
        socket.close();
      } catch {
        // Closing what never opened.
      }
      for (const { fail } of [...waiting.values()]) fail(error);
      waiting.clear();
      if (greeting) events.onClose?.(error);
      else reject(error);
    }

    const line: Line = {
      relay,
      get greeting() {
        return greeting as FrameOf<"greeting">;
      },
      get closed() {
        return closed;
      },
      pending: () => waiting.size,
      send(frame) {
        if (!closed) socket.send(encodeFrame(frame));
      },
      nextId() {
        do lastId = lastId >= 0xffffffff ? 1 : lastId + 1;
        while (waiting.has(lastId));
        return lastId;
      },
      request(frame, isAnswer, timeout = limits.requestTimeout) {
        return new Promise((answer, refuse) => {
          if (closed) return refuse(new LineError("closed"));
          const { reqId } = frame;
          const timer = clock.setTimeout(() => done(() => refuse(new LineError("timeout"))), timeout);
          const done = (tell: () => void) => {
            clock.clearTimeout(timer);
            waiting.delete(reqId);
            tell();
          };
          waiting.set(reqId, {
            take(received) {
              if (received.frame === "error") {
                const { code, retryAfterMs } = received;
                done(() => refuse(new LineError(wireErrorName(code), retryAfterMs)));
              } else if (isAnswer(received)) done(() => answer(received));
              else return false;
              return true;
            },
            fail: (error) => done(() => refuse(error)),
          });
          line.send(frame);
        });
      },
      async ping() {
        const sent = clock.now();
        await line.request({ frame: "ping", reqId: line.nextId() }, (frame) => frame.frame === "pong");
        return clock.now() - sent;
      },
      close: () => end(new LineError("closed")),
    };

    /** Tells a dead line from a silent one, and measures it. */
    function beat(): void {
      line.ping().then(
        (rtt) => {
          events.onRtt?.(rtt);
          if (!closed) heartbeat = clock.setTimeout(beat, limits.pingInterval);
        },
        () => end(new LineError("timeout")),
      );
    }

    socket.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (closed) return;
      let frame: Frame;
      try {
        if (!(data instanceof ArrayBuffer)) throw new LineError("lied");
        frame = decodeFrame(new Uint8Array(data));
      } catch {
        return end(new LineError("lied"));
      }
      if (!greeting) {
        if (frame.frame !== "greeting") return end(new LineError("lied"));
        if (!isKeyOf(relay, frame.relayKey)) return end(new LineError("lied"));
        greeting = frame;
        clock.clearTimeout(opening);
        resolve(line);
        beat();
        return;
      }
      if (frame.frame === "error" && frame.reqId === 0) {
        const error = new LineError(wireErrorName(frame.code), frame.retryAfterMs);
        for (const { fail } of [...waiting.values()]) fail(error);
        return;
      }
      if ("reqId" in frame && waiting.get(frame.reqId)?.take(frame)) return;
      events.onFrame?.(frame);
    };
    socket.onerror = () => end(new LineError(greeting ? "closed" : "unreachable"));
    socket.onclose = () => end(new LineError(greeting ? "closed" : "unreachable"));
  });
}

function isKeyOf(relay: RelayInfo, key: Uint8Array): boolean {
  try {
    return equalBytes(fromHex(relay.signingKey, 32), key);
  } catch {
    return false;
  }
}
