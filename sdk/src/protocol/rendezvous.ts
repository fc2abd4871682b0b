import { sha256 } from "@noble/hashes/sha2.js";
import { compareBytes, concatBytes, u32Bytes, utf8 } from "./bytes.ts";
import { REPLICAS } from "./limits.ts";

const LABEL = utf8("skrumble rendezvous v1");

/** SHA-256("skrumble rendezvous v1" ‖ u32 relayId ‖ publicId); the highest scores keep the mailbox. */
export function rendezvousScore(relayId: number, publicId: Uint8Array): Uint8Array {
  return sha256(concatBytes(LABEL, u32Bytes(relayId), publicId));
}

/**
 * The relays that keep a person's mailbox, best first. Everybody who knows the same relays chooses the same, and a relay that
 * comes or goes moves only the mailboxes it wins or leaves (highest random weight, Thaler and Ravishankar 1998).
 */
export function chooseRelays<T extends { id: number }>(
  relays: readonly T[],
  publicId: Uint8Array,
  count = REPLICAS,
): T[] {
  return relays
    .map((relay) => ({ relay, score: rendezvousScore(relay.id, publicId) }))
    .sort((a, b) => compareBytes(b.score, a.score))
    .slice(0, count)
    .map(({ relay }) => relay);
}
