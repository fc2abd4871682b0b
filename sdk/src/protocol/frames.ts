import { bytes, type FieldValue, list, rest, struct, text, time, u8, u16, u32, u64 } from "./fields.ts";
import { MAX_ANCHOR_QUERY_RESULTS, MAX_ORDER_ENTRIES, MAX_PROOF_LENGTH } from "./limits.ts";
import { isPaddingClass } from "./padding.ts";

const hash = bytes(32);
const proof = list(hash, MAX_PROOF_LENGTH);

const anchorProof = {
  relayId: u32,
  leaf: bytes(96),
  root: hash,
  blockNumber: u64,
  txHash: hash,
  proof,
} as const;

const orderEntry = { position: u8, leaf: bytes(96), bodyHash: hash, storedAt: time, signature: bytes(64) } as const;

/**
 * Every frame: its type byte and its layout, in order, big endian. Types below 0x80 go from client to relay, the others
 * back. `reqId` is chosen by the client and comes back in the answer; 0 in an error means the connection as a whole.
 */
export const FRAMES = {
  /** Proves that this connection owns the mailbox of `publicId`, answering the greeting's challenge. */
  own: [
    0x01,
    struct({
      reqId: u32,
      publicId: hash,
      deviceKey: hash,
      keyVersion: u32,
      issuedAt: time,
      cert: bytes(64),
      signature: bytes(64),
    }),
  ],
  /** Puts a payload into a mailbox. */
  deposit: [0x02, struct({ reqId: u32, tag: hash, ttl: u32, flags: u8, payload: rest(isPaddingClass) })],
  /** Reads an owned mailbox from `after` (exclusive) on. Its `reqId` names the subscription afterwards. */
  subscribe: [0x03, struct({ reqId: u32, tag: hash, reader: bytes(16), after: u64 })],
  /** This reader is done with everything up to and including `upTo`. */
  ack: [0x04, struct({ subscription: u32, upTo: u64 })],
  anchor: [0x05, struct({ reqId: u32, leaf: bytes(96) })],
  anchorQuery: [0x06, struct({ reqId: u32, tag: hash })],
  turn: [0x07, struct({ reqId: u32 })],
  ping: [0x08, struct({ reqId: u32 })],
  /** Appends to the log of the leaf's tag (its first 32 bytes), unless the leaf is there. */
  order: [0x09, struct({ reqId: u32, leaf: bytes(96), body: rest(isPaddingClass) })],
  orderQuery: [0x0a, struct({ reqId: u32, tag: hash })],
  /** Asks for one entry with its body. */
  orderFetch: [0x0b, struct({ reqId: u32, tag: hash, position: u8 })],

  /** First frame of a relay. */
  greeting: [0x81, struct({ relayKey: hash, challenge: hash, now: time, relayId: u32, features: u8 })],
  owned: [0x82, struct({ reqId: u32, tag: hash })],
  /** The relay's signed word that a deposit is on its disk. */
  receipt: [0x83, struct({ reqId: u32, seq: u64, storedAt: time, expiresAt: time, signature: bytes(64), proof })],
  /** `head`: highest seq of the mailbox at this moment, 0 when it is empty. */
  subscribed: [0x84, struct({ reqId: u32, head: u64, waiting: u32 })],
  /** A payload for a subscription. `seq` is 0 for an ephemeral one. */
  message: [0x85, struct({ subscription: u32, seq: u64, storedAt: time, payload: rest(isPaddingClass) })],
  anchorPending: [0x86, struct({ reqId: u32 })],
  anchored: [0x87, struct({ reqId: u32, ...anchorProof })],
  anchorList: [0x88, struct({ reqId: u32, proofs: list(struct(anchorProof), MAX_ANCHOR_QUERY_RESULTS) })],
  turnCredentials: [
    0x89,
    struct({ reqId: u32, ttl: u32, username: text(128), credential: text(128), urls: list(text(256), 8) }),
  ],
  pong: [0x8a, struct({ reqId: u32 })],
  /** The log's first entry, which is the relay's vote, and that of the asked leaf; the same when the leaf came first. */
  ordered: [0x8b, struct({ reqId: u32, first: struct(orderEntry), own: struct(orderEntry) })],
  orderLog: [0x8c, struct({ reqId: u32, entries: list(struct(orderEntry), MAX_ORDER_ENTRIES) })],
  orderEntry: [0x8d, struct({ reqId: u32, ...orderEntry, body: rest(isPaddingClass) })],
  error: [0xff, struct({ reqId: u32, code: u16, retryAfterMs: u32 })],
} as const;

export type FrameName = keyof typeof FRAMES;
export type FrameBody<N extends FrameName> = FieldValue<(typeof FRAMES)[N][1]>;
/** Any frame, told apart by `frame`. */
export type Frame = { [N in FrameName]: { frame: N } & FrameBody<N> }[FrameName];
export type FrameOf<N extends FrameName> = Extract<Frame, { frame: N }>;
export type ClientFrame = FrameOf<
  | "own"
  | "deposit"
  | "subscribe"
  | "ack"
  | "anchor"
  | "anchorQuery"
  | "turn"
  | "ping"
  | "order"
  | "orderQuery"
  | "orderFetch"
>;
export type RelayFrame = Exclude<Frame, ClientFrame>;
