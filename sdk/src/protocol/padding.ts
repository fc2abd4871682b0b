import { ProtocolError } from "./errors.ts";
import { MAX_PAYLOAD_BYTES, PADDING_CLASSES } from "./limits.ts";

export type PaddingClass = (typeof PADDING_CLASSES)[number];

/** True when a payload of this many bytes may be deposited. */
export function isPaddingClass(length: number): length is PaddingClass {
  // Powers of two from 2^9 to 2^18: the test is this short because it runs once per message on the relay.
  return length >= 512 && length <= MAX_PAYLOAD_BYTES && (length & (length - 1)) === 0;
}

/**
 * Smallest padding class that holds `length` bytes.
 * @throws ProtocolError `too-large` above the largest class
 */
export function paddingClassFor(length: number): PaddingClass {
  for (const size of PADDING_CLASSES) if (length <= size) return size;
  throw new ProtocolError("too-large", `${length} bytes fit no padding class`);
}
