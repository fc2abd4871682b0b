import { sha256 } from "@noble/hashes/sha2.js";
import { breathe } from "../crypto/breathe.ts";
import { concat, fromHex, toHexString, utf8 } from "../crypto/bytes.ts";
import { throwIfAborted } from "../errors/index.ts";
import type { PublicId } from "../types/primitives.ts";

/**
 * What asking a stranger costs: a partial hash collision (Back, "Hashcash", 2002) over who asks whom with which request, a
 * fraction of a second of one core. It keeps nobody from writing to a friend, and a hundred thousand people take hours.
 */
export const workBits = 16;
/** Hashes between two turns of the page. */
const slice = 8192;

const prefixOf = (from: PublicId, to: PublicId, nonce: string) =>
  sha256(concat(utf8("skrumble work v1"), fromHex(from), fromHex(to), fromHex(nonce)));

/** Finds it, in slices so that the page stays alive. @param bits zeros to begin with @returns 8 bytes, hex. @throws SkrumbleError ABORTED */
export async function doWork(
  { from, to, nonce }: { from: PublicId; to: PublicId; nonce: string },
  signal?: AbortSignal,
  bits = workBits,
): Promise<string> {
  const input = new Uint8Array(40);
  input.set(prefixOf(from, to, nonce));
  const view = new DataView(input.buffer);
  for (let counter = 0; ; counter++) {
    view.setUint32(36, counter);
    if (leadingZeros(sha256(input)) >= bits) return toHexString(input.slice(32));
    if (counter % slice === slice - 1) {
      await breathe();
      throwIfAborted(signal);
    }
  }
}

/** One hash. */
export function isWorkDone(
  from: PublicId,
  to: PublicId,
  { nonce, work }: { nonce: string; work: string },
  bits = workBits,
): boolean {
  return leadingZeros(sha256(concat(prefixOf(from, to, nonce), fromHex(work)))) >= bits;
}

function leadingZeros(hash: Uint8Array): number {
  const first = hash.findIndex((byte) => byte !== 0);
  return first < 0 ? hash.length * 8 : first * 8 + Math.clz32(hash[first] as number) - 24;
}
