/** Bounds of direct lines; milliseconds unless named otherwise. */

/** A device that did not answer is tried again after this long. */
export const TRY_EVERY_MS = 60_000;
/** From the offer to an open line; then it is given up. */
export const OPEN_MS = 15_000;
/** A line nobody uses is closed: it costs both sides a port and a little battery. */
export const IDLE_MS = 600_000;
/** The other side has a payload on disk within this time, or it counts as lost here. */
export const ACK_MS = 5_000;
/** How long candidates are gathered for a description. */
export const GATHER_MS = 1_000;
/** Lines at a time; the one that was idle longest makes room. */
export const MAX_LINES = 16;
/** Bytes that may wait in one line; more goes by relay, which tells slow readers apart better. */
export const MAX_BUFFERED = 1_048_576;
/** Bytes of one payload: what every WebRTC implementation takes in one message. */
export const MAX_PAYLOAD = 250_000;
/** Payloads of the other side that wait to be written; what comes on top is not confirmed. */
export const MAX_WAITING = 64;
export const MAX_SDP_CHARS = 8_000;
