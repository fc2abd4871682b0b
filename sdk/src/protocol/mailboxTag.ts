import { sha256 } from "@noble/hashes/sha2.js";
import { concatBytes, utf8 } from "./bytes.ts";

const LABEL = utf8("skrumble mailbox v1");

/** Name of a person's mailbox: SHA-256("skrumble mailbox v1" ‖ publicId). A relay never needs the public ID to take a deposit. */
export function mailboxTag(publicId: Uint8Array): Uint8Array {
  return sha256(concatBytes(LABEL, publicId));
}
