import { SkrumbleError } from "../errors/index.ts";
import { PADDING_CLASSES } from "../protocol/index.ts";

/** The smallest padding class that holds `length` bytes. @throws SkrumbleError MESSAGE_TOO_LONG */
export function paddedLength(length: number): number {
  const fit = PADDING_CLASSES.find((size) => size >= length);
  if (fit === undefined) throw new SkrumbleError("MESSAGE_TOO_LONG");
  return fit;
}
