import { type Bytes, compareBytes, concat } from "../crypto/bytes.ts";
import { keccak256 } from "../crypto/hash.ts";
import { SkrumbleError } from "../errors/index.ts";

export const maxDevices = 64;

/** Strictly ascending, as the registry wants them. */
export const sortDevices = (devices: readonly Uint8Array[]): Uint8Array[] => [...devices].sort(compareBytes);

/**
 * Root over device keys, as IIdentityRegistry describes it: leaf keccak256(0x00 ‖ key), pairs sorted, an odd last node
 * moves up unchanged, no devices give zero.
 * @throws SkrumbleError TOO_MANY_DEVICES, INPUT_INVALID (not strictly ascending)
 */
export function deviceRoot(devices: readonly Uint8Array[]): Bytes {
  if (devices.length > maxDevices) throw new SkrumbleError("TOO_MANY_DEVICES");
  for (let i = 1; i < devices.length; i++) {
    if (compareBytes(devices[i - 1] as Uint8Array, devices[i] as Uint8Array) >= 0) {
      throw new SkrumbleError("INPUT_INVALID", { details: "Devices must be strictly ascending." });
    }
  }
  let level = devices.map((device) => keccak256(Uint8Array.of(0), device));
  if (level.length === 0) return new Uint8Array(32);
  while (level.length > 1) {
    const next: Bytes[] = [];
    for (let i = 0; i < level.length; i += 2) {
      const [left, right] = [level[i] as Bytes, level[i + 1]];
      next.push(right ? keccak256(...(compareBytes(left, right) < 0 ? [left, right] : [right, left])) : left);
    }
    level = next;
  }
  return concat(level[0] as Bytes);
}
