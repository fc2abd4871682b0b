/** Every number that bounds the relay protocol. Both sides check them; docs/protocol.md lists them. */

export const PROTOCOL_VERSION = 1;
/** Path of the WebSocket on a relay. */
export const PROTOCOL_PATH = "/v1";
/** Sizes a payload may have, so that its length tells little about what is inside. */
export const PADDING_CLASSES = [512, 1024, 2048, 4096, 8192, 16384, 32768, 65536, 131072, 262144] as const;
/** The largest of them: room for the welcome to a group of 150 and for a voice message of some minutes. */
export const MAX_PAYLOAD_BYTES = 262144;
/** A WebSocket message above this size closes the connection. */
export const MAX_FRAME_BYTES = MAX_PAYLOAD_BYTES + 2 * 1024;

export const MIN_TTL_SECONDS = 1;
export const MAX_TTL_SECONDS = 30 * 24 * 60 * 60;
/** A relay may keep a message for a mailbox that nobody has opened yet no longer than this. */
export const UNOPENED_TTL_SECONDS = 7 * 24 * 60 * 60;

/** Depth of a receipt or anchor tree: 2^16 leaves. */
export const MAX_PROOF_LENGTH = 16;
export const MAX_ANCHOR_QUERY_RESULTS = 8;

/** Leaves in the log of one tag, and bytes of their bodies. */
export const MAX_ORDER_ENTRIES = 16;
export const MAX_ORDER_BYTES = 2 * MAX_PAYLOAD_BYTES;
/** A log is kept for so long after its newest entry. */
export const ORDER_KEEP_SECONDS = 30 * 24 * 60 * 60;
/** A tag whose log is gone is remembered for so long after the log's newest entry: it gets no second first entry. */
export const ORDER_CLOSED_SECONDS = 365 * 24 * 60 * 60;

export const MAX_READERS_PER_MAILBOX = 16;
/** A device not seen for so long no longer holds messages back; its place is still known. */
export const READER_HOLD_SECONDS = 3 * 24 * 60 * 60;
/** A device not seen for so long is forgotten. */
export const READER_IDLE_SECONDS = 30 * 24 * 60 * 60;

export const MAX_OWNED_PER_CONNECTION = 4;
export const MAX_SUBSCRIPTIONS_PER_CONNECTION = 4;

/** Relays that keep a person's mailbox. */
export const REPLICAS = 3;

/** Bits of a deposit's flags byte. */
export const DEPOSIT_EPHEMERAL = 1;

/** Bits of a greeting's features byte. */
export const FEATURE_ANCHOR = 1;
export const FEATURE_TURN = 2;
export const FEATURE_ORDER = 4;
