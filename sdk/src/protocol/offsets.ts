/**
 * Offsets inside the two frames of the hot path, for a relay that forwards without decoding. The protocol tests hold
 * them against the layouts in frames.ts.
 */
export const DEPOSIT = { type: 0x02, reqId: 2, tag: 6, ttl: 38, flags: 42, payload: 43 } as const;
export const MESSAGE = { type: 0x85, subscription: 2, seq: 6, storedAt: 14, payload: 22 } as const;
