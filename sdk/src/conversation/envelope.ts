import { type Bytes, concat, u32, u64 } from "../crypto/bytes.ts";
import type { OrderEntry } from "../protocol/index.ts";

/** What a sealed envelope holds. Only the recipient ever sees the kind. */
export type Envelope =
  /** JSON signed by the sender's identity key; see handshake.ts. */
  | { kind: HandshakeEnvelope; signature: Uint8Array; body: Uint8Array }
  /** An MLS PrivateMessage of the group that all members know by this random name, of one of its epochs. */
  | { kind: "mls"; route: Uint8Array; branch: Uint8Array; message: Uint8Array }
  /** A commit that ends an epoch, with what relays signed about its place in line. */
  | { kind: "commit"; route: Uint8Array; branch: Uint8Array; votes: Vote[]; message: Uint8Array };

export type HandshakeEnvelope =
  | ("request" | "welcome" | "decline" | "invite" | "knock" | "entry" | "refusal" | "device")
  | "leave";

/** A relay's word that a commit is the first of its epoch there. */
export interface Vote {
  relayId: number;
  entry: OrderEntry;
}

const kinds = {
  request: 1,
  welcome: 2,
  decline: 3,
  mls: 4,
  commit: 5,
  invite: 6,
  knock: 7,
  entry: 8,
  refusal: 9,
  device: 10,
  leave: 11,
} as const;
const names = new Map<number, Envelope["kind"]>(
  Object.entries(kinds).map(([name, number]) => [number, name as Envelope["kind"]]),
);

const maxVotes = 5;
/** relay 4 ‖ position 1 ‖ leaf 96 ‖ hash of the body 32 ‖ time 8 ‖ signature 64. */
const voteLength = 4 + 1 + 96 + 32 + 8 + 64;

export function encodeEnvelope(envelope: Envelope): Bytes {
  const kind = Uint8Array.of(kinds[envelope.kind]);
  switch (envelope.kind) {
    case "mls":
      return concat(kind, envelope.route, envelope.branch, envelope.message);
    case "commit": {
      const { route, branch, votes, message } = envelope;
      return concat(kind, route, branch, Uint8Array.of(votes.length), ...votes.map(encodeVote), message);
    }
    default:
      return concat(kind, envelope.signature, envelope.body);
  }
}

/** Undefined when the bytes are no envelope of this version. */
export function decodeEnvelope(bytes: Uint8Array): Envelope | undefined {
  const kind = names.get(bytes[0] ?? 0);
  if (kind === undefined) return undefined;
  if (kind !== "mls" && kind !== "commit") {
    return bytes.length > 65 ? { kind, signature: bytes.slice(1, 65), body: bytes.slice(65) } : undefined;
  }
  if (bytes.length <= 34) return undefined;
  const [route, branch] = [bytes.slice(1, 17), bytes.slice(17, 33)];
  if (kind === "mls") return { kind, route, branch, message: bytes.slice(33) };
  const count = bytes[33] as number;
  const start = 34 + count * voteLength;
  if (count > maxVotes || bytes.length <= start) return undefined;
  const votes = Array.from({ length: count }, (_, i) =>
    decodeVote(bytes.slice(34 + i * voteLength, 34 + (i + 1) * voteLength)),
  );
  return { kind, route, branch, votes, message: bytes.slice(start) };
}

export const encodeVote = ({ relayId, entry }: Vote): Bytes =>
  concat(u32(relayId), Uint8Array.of(entry.position), entry.leaf, entry.bodyHash, u64(entry.storedAt), entry.signature);

export function decodeVote(bytes: Uint8Array): Vote {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return {
    relayId: view.getUint32(0),
    entry: {
      position: view.getUint8(4),
      leaf: bytes.slice(5, 101),
      bodyHash: bytes.slice(101, 133),
      storedAt: Number(view.getBigUint64(133)),
      signature: bytes.slice(141, 205),
    },
  };
}
