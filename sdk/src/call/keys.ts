import { expand, extract } from "@noble/hashes/hkdf.js";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from "@noble/hashes/utils.js";
import type { CallId, PublicId } from "../types/primitives.ts";

/** What MLS exports for one call (RFC 9420, 8.5): label and context are fixed here, once. */
export const EXPORT_LABEL = "skrumble call";
export const EXPORT_LENGTH = 32;

export function exportContext(id: CallId): Uint8Array {
  return hexToBytes(id);
}

/** Tells the other side which epoch the exported secret is from, without telling the secret. 8 bytes, hex. */
export function epochCheck(exported: Uint8Array, id: CallId): string {
  return bytesToHex(hmac(sha256, exported, framed("skrumble call check", hexToBytes(id))).slice(0, 8));
}

/** What both sides know once the answer is there. Fingerprints are those that the signals carry. */
export interface CallFacts {
  id: CallId;
  caller: PublicId;
  callee: PublicId;
  callerFingerprint: string;
  calleeFingerprint: string;
  callerSeed: string;
  calleeSeed: string;
  /** Secret from the MLS exporter; undefined when an epoch change came between invitation and answer. */
  exported: Uint8Array | undefined;
}

export interface CallKeys {
  /** Base secrets of frame encryption, one per sender; the worker derives a key per track from it. */
  frames: { caller: Uint8Array; callee: Uint8Array };
  /** tag 32 ‖ commitment 32 ‖ mac 32 */
  leaf: Uint8Array;
}

/**
 * Keys of one call. Two fresh seeds (which travelled inside MLS) and the exporter's secret go in; both DTLS certificates are
 * bound, so that whoever terminates the connection with another certificate ends up with other frame keys.
 */
export function deriveCallKeys(facts: CallFacts): CallKeys {
  const transcript = framed(
    "skrumble call v1",
    hexToBytes(facts.id),
    publicIdBytes(facts.caller),
    publicIdBytes(facts.callee),
    facts.callerFingerprint,
    facts.calleeFingerprint,
  );
  const material = concatBytes(
    facts.exported ?? new Uint8Array(EXPORT_LENGTH),
    hexToBytes(facts.callerSeed),
    hexToBytes(facts.calleeSeed),
  );
  const secret = extract(sha256, material, sha256(transcript));
  const derive = (label: string) => expand(sha256, secret, framed(label), 32);
  const tag = derive("skrumble anchor tag");
  const commitment = sha256(transcript);
  const mac = hmac(sha256, derive("skrumble anchor mac"), concatBytes(tag, commitment));
  return {
    frames: { caller: derive("skrumble frames caller"), callee: derive("skrumble frames callee") },
    leaf: concatBytes(tag, commitment, mac),
  };
}

function publicIdBytes(id: PublicId): Uint8Array {
  return hexToBytes(id.slice(2));
}

/** Each part behind its length (u16), so that two different lists never give the same bytes. */
function framed(...parts: (Uint8Array | string)[]): Uint8Array {
  return concatBytes(
    ...parts.flatMap((part) => {
      const bytes = typeof part === "string" ? utf8ToBytes(part) : part;
      return [Uint8Array.of(bytes.length >> 8, bytes.length & 0xff), bytes];
    }),
  );
}
