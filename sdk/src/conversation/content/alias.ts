import { sha256 } from "@noble/hashes/sha2.js";
import { toHexString, utf8 } from "../../crypto/bytes.ts";
import type { MessageId, PublicId } from "../../types/primitives.ts";

/**
 * Where a message is kept whose id another member has used already. Ids are random, so this only happens on purpose: somebody
 * who saw a message first could otherwise keep it from others by sending something under its id.
 */
export const aliasOf = (id: MessageId, from: PublicId): MessageId =>
  toHexString(sha256(utf8(`skrumble message ${from} ${id}`)).subarray(0, 16));
