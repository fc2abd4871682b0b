import { SkrumbleError } from "../errors/index.ts";

/** Every deposited payload has one of these lengths. */
export const paddingClasses = [512, 1024, 2048, 4096, 8192, 16384, 32768, 65536] as const;

/** The smallest class that holds `length` bytes. */
export function paddedLength(length: number): number {
  const fit = paddingClasses.find((size) => size >= length);
  if (fit === undefined) throw new SkrumbleError("MESSAGE_TOO_LONG");
  return fit;
}
