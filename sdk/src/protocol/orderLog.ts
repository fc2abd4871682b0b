import { ed25519 } from "@noble/curves/ed25519.js";
import { concatBytes, equalBytes, u64Bytes, utf8 } from "./bytes.ts";
import { MAX_ORDER_ENTRIES } from "./limits.ts";

/** Length of a tag, the first part of a leaf. */
const TAG_BYTES = 32;
const LABEL = utf8("skrumble order v1");

/** A relay's signed word about what stands at one position of a tag's log, without the body. */
export interface OrderEntry {
  /** From 0, in the order in which the relay took the leaves. */
  position: number;
  /** tag 32 ‖ commitment 32 ‖ mac 32. */
  leaf: Uint8Array;
  /** SHA-256 of the body. */
  bodyHash: Uint8Array;
  /** Unix milliseconds by the relay's clock. */
  storedAt: number;
  /** Ed25519 (RFC 8032) by the relay's signing key over `orderEntryMessage`. */
  signature: Uint8Array;
}

/** Tag of the log a leaf belongs to. */
export const orderTag = (leaf: Uint8Array): Uint8Array => leaf.subarray(0, TAG_BYTES);

/** What the relay signs: "skrumble order v1" ‖ tag ‖ u8 position ‖ leaf ‖ bodyHash ‖ u64 storedAt. */
export function orderEntryMessage(entry: Omit<OrderEntry, "signature">): Uint8Array {
  const { position, leaf, bodyHash, storedAt } = entry;
  return concatBytes(LABEL, orderTag(leaf), Uint8Array.of(position), leaf, bodyHash, u64Bytes(storedAt));
}

/** True when the relay with this key really signed the entry. False for everything else, also for bytes of wrong lengths. */
export function verifyOrderEntry(entry: OrderEntry, relayKey: Uint8Array): boolean {
  const { position, leaf, bodyHash, storedAt, signature } = entry;
  if (!Number.isInteger(position) || position < 0 || position >= MAX_ORDER_ENTRIES) return false;
  if (leaf.length !== 96 || bodyHash.length !== 32 || !Number.isSafeInteger(storedAt) || storedAt < 0) return false;
  try {
    return ed25519.verify(signature, orderEntryMessage(entry), relayKey);
  } catch {
    // noble throws on bytes that are no signature or no key.
    return false;
  }
}

/**
 * True when the two entries prove that the relay broke its word: it signed different things for one position of one log.
 * Anybody who has both and the relay's key can check it.
 */
export function isOrderEquivocation(a: OrderEntry, b: OrderEntry, relayKey: Uint8Array): boolean {
  if (!verifyOrderEntry(a, relayKey) || !verifyOrderEntry(b, relayKey)) return false;
  if (a.position !== b.position || !equalBytes(orderTag(a.leaf), orderTag(b.leaf))) return false;
  return !equalBytes(a.leaf, b.leaf) || !equalBytes(a.bodyHash, b.bodyHash);
}
