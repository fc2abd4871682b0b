/** Error codes on the wire (u16). A code never changes its meaning; new ones are added at the end. */
export const WIRE_ERRORS = {
  malformed: 1,
  "unsupported-version": 2,
  "unknown-type": 3,
  "too-large": 4,
  "bad-payload-size": 5,
  "bad-ttl": 6,
  "not-owner": 7,
  "bad-signature": 8,
  "rate-limited": 9,
  "mailbox-full": 10,
  "storage-unavailable": 11,
  "too-many-readers": 12,
  "too-many-subscriptions": 13,
  "slow-reader": 14,
  "shutting-down": 15,
  "anchor-queue-full": 16,
  "turn-unavailable": 17,
  "mixed-connection": 18,
  "too-many-connections": 19,
  "anchor-unavailable": 20,
  internal: 21,
  "too-many-anchors": 22,
  "order-full": 23,
  "order-conflict": 24,
  "order-unknown": 25,
} as const;

export type WireErrorCode = keyof typeof WIRE_ERRORS;

const byNumber = new Map<number, WireErrorCode>(
  Object.entries(WIRE_ERRORS).map(([code, number]) => [number, code as WireErrorCode]),
);

/** Name of a wire error; `internal` for a number this version does not know. */
export function wireErrorName(number: number): WireErrorCode {
  return byNumber.get(number) ?? "internal";
}

/** Bytes that are not a frame of this protocol, or a value that no frame can carry. `code` is what goes on the wire. */
export class ProtocolError extends Error {
  override readonly name = "ProtocolError";
  readonly code: WireErrorCode;
  constructor(code: WireErrorCode, detail: string) {
    super(`${code}: ${detail}`);
    this.code = code;
  }
}
