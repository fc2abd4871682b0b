/** Names for the values that travel through the SDK, so that a signature says what it means. */

/** 0x-prefixed hex. */
export type Hex = `0x${string}`;
/** 20-byte EVM address, 0x-prefixed. */
export type Address = Hex;
/** Ed25519 identity key of a person (32 bytes, 0x-prefixed hex). Published in the registry. */
export type PublicId = Hex;
/** Random 16-byte id of a conversation, hex without prefix. Known only to its members. */
export type ConversationId = string;
/** Random 16-byte id of a message, hex without prefix. */
export type MessageId = string;
/** Random 16-byte id of a call, hex without prefix. */
export type CallId = string;
/** Unix time in milliseconds. */
export type Millis = number;
