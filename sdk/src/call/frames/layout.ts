/**
 * An encrypted media frame: clear head ‖ ciphertext ‖ tag 16 ‖ counter u32 ‖ generation u8.
 *
 * The clear head is what packetizers and decoders need to see (RFC 7741 payload headers of VP8; the TOC byte of Opus, RFC 6716,
 * 3.1). It is authenticated together with counter and generation, so nothing of a frame can be changed on its way.
 */

/** Version that two devices compare when a call is set up. */
export const FRAMES_VERSION = 1;

export type FrameKind = "audio" | "video";

export const TAG_BYTES = 16;
export const TRAILER_BYTES = 5;
/** What encryption adds to each frame. */
export const OVERHEAD_BYTES = TAG_BYTES + TRAILER_BYTES;
/** Frames above this are dropped; a 4K key frame stays far below. */
export const MAX_FRAME_BYTES = 4 * 1024 * 1024;

/** Bytes at the start that stay readable. */
export function clearBytes(kind: FrameKind, keyFrame: boolean): number {
  if (kind === "audio") return 1;
  return keyFrame ? 10 : 3;
}
