import { type Bytes, concat } from "../crypto/bytes.ts";

/** What a sealed envelope holds. Only the recipient ever sees the kind. */
export type Envelope =
  /** JSON signed by the sender's identity key; see handshake.ts. */
  | { kind: "request" | "welcome" | "decline"; signature: Uint8Array; body: Uint8Array }
  /** An MLS PrivateMessage of the session that both sides know by this random name. */
  | { kind: "mls"; route: Uint8Array; message: Uint8Array };

const kinds = { request: 1, welcome: 2, decline: 3, mls: 4 } as const;
const names = new Map<number, Envelope["kind"]>(
  Object.entries(kinds).map(([name, number]) => [number, name as Envelope["kind"]]),
);

export const encodeEnvelope = (envelope: Envelope): Bytes =>
  envelope.kind === "mls"
    ? concat(Uint8Array.of(kinds.mls), envelope.route, envelope.message)
    : concat(Uint8Array.of(kinds[envelope.kind]), envelope.signature, envelope.body);

/** Undefined when the bytes are no envelope of this version. */
export function decodeEnvelope(bytes: Uint8Array): Envelope | undefined {
  const kind = names.get(bytes[0] ?? 0);
  if (kind === undefined) return undefined;
  if (kind === "mls") {
    return bytes.length > 17 ? { kind, route: bytes.slice(1, 17), message: bytes.slice(17) } : undefined;
  }
  return bytes.length > 65 ? { kind, signature: bytes.slice(1, 65), body: bytes.slice(65) } : undefined;
}
