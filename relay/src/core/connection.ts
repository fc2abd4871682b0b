import { encodeFrame, type RelayFrame, WIRE_ERRORS, type WireErrorCode } from "@skrumble/sdk/protocol";
import type { Allowance } from "./addressLimits.ts";
import type { Peer } from "./ports.ts";
import type { Subscription } from "./subscriptions.ts";
import type { TokenBucket } from "./tokenBucket.ts";

/**
 * State of one connection. It becomes `owner` or `anonymous` with its first act and can never be both: a relay must not
 * learn who sends by seeing both on one line.
 */
export interface Connection {
  readonly peer: Peer;
  readonly challenge: Uint8Array;
  role: "unused" | "owner" | "anonymous";
  /** Mailbox tags (latin1 of the bytes) it proved to own. */
  owned: Set<string> | undefined;
  /** By the reqId that named them. */
  subscriptions: Map<number, Subscription> | undefined;
  frames: TokenBucket;
  bytes: TokenBucket;
  /** What it shares with others from its address. */
  readonly shared: Allowance;
  /** Frames that should not have been sent. */
  strikes: number;
  closed: boolean;
}

export function reply(connection: Connection, frame: RelayFrame): void {
  if (!connection.closed) connection.peer.send(encodeFrame(frame));
}

export function replyError(connection: Connection, reqId: number, code: WireErrorCode, retryAfterMs = 0): void {
  const bounded = Math.min(0xffffffff, Math.max(0, Math.ceil(retryAfterMs)));
  reply(connection, { frame: "error", reqId, code: WIRE_ERRORS[code], retryAfterMs: bounded });
}

/** Map key of a mailbox tag: 32 characters, one per byte, cheaper than hex. */
export function tagKey(bytes: Uint8Array, offset = 0): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + offset, 32).toString("latin1");
}
