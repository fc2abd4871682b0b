import { compareBytes } from "../../crypto/bytes.ts";
import { unproven } from "../verified/unproven.ts";
import { digitOf, type Leaf } from "./leaves.ts";
import { trieRoot } from "./trieRoot.ts";

/** What a relay may answer with for one shard. One of usual size has some ten kilobytes. */
export const maxShardBytes = 1 << 20;
const version = 1;

/**
 * All leaves of one range of keys as they travel: a byte for the version, then for each leaf, ascending, what is left of its key (the
 * digits after the first `depth`, a zero digit before them where they are odd in number), the length of its word and the word.
 */
export function encodeShard(leaves: readonly Leaf[], depth: number): Uint8Array {
  const tail = tailBytes(depth);
  const bytes = new Uint8Array(leaves.reduce((sum, { value }) => sum + tail + 1 + value.length, 1));
  bytes[0] = version;
  let at = 1;
  for (const { key, value } of leaves) {
    bytes.set(key.subarray(32 - tail), at);
    // The digit that a byte shares with the range is the range's.
    if (depth % 2 === 1) bytes[at] = digitOf(key, depth);
    bytes[at + tail] = value.length;
    bytes.set(value, at + tail + 1);
    at += tail + 1 + value.length;
  }
  return bytes;
}

/**
 * Leaves of a shard, proven to be all there are in its range.
 * @param bytes as a relay gave them
 * @param hash of the trie's node at the range
 * @param range the first `depth` digits of its keys as a number
 * @throws SkrumbleError CHAIN_UNPROVEN
 */
export function openShard(bytes: Uint8Array, hash: Uint8Array, range: number, depth: number): Leaf[] {
  const leaves = parse(bytes, range, depth);
  if (leaves.length === 0 || compareBytes(trieRoot(leaves, depth), hash) !== 0)
    throw unproven("That is another shard.");
  return leaves;
}

function parse(bytes: Uint8Array, range: number, depth: number): Leaf[] {
  if (bytes.length > maxShardBytes || bytes[0] !== version) throw unproven("That is no shard.");
  const tail = tailBytes(depth);
  const start = keyStart(range, depth);
  const leaves: Leaf[] = [];
  for (let at = 1; at < bytes.length; ) {
    const end = at + tail + 1 + (bytes[at + tail] ?? 0);
    if (end > bytes.length || (depth % 2 === 1 && (bytes[at] as number) > 15)) throw unproven("That is no shard.");
    const key = start.slice();
    key.set(bytes.subarray(at, at + tail), 32 - tail);
    if (depth % 2 === 1) key[32 - tail] = (start[32 - tail] as number) | (bytes[at] as number);
    leaves.push({ key, value: bytes.slice(at + tail + 1, end) });
    at = end;
  }
  return leaves;
}

const tailBytes = (depth: number): number => 32 - (depth >> 1);

function keyStart(range: number, depth: number): Uint8Array {
  const key = new Uint8Array(32);
  for (let at = depth - 1, rest = range; at >= 0; at--, rest = Math.floor(rest / 16))
    key[at >> 1] = (key[at >> 1] as number) | (at % 2 === 0 ? (rest % 16) << 4 : rest % 16);
  return key;
}
