import { hexToBytes } from "viem";
import { compareBytes } from "../../crypto/bytes.ts";
import { emptyRoot } from "../verified/trie.ts";
import { unproven } from "../verified/unproven.ts";
import { branchHash } from "./trieRoot.ts";

/** At most 65,536 shards. Nodes so far up are never shorter than a hash, so that each shard has one of its own. */
export const maxDepth = 4;
const version = 1;
/** Of a manifest with all of them. */
export const maxManifestBytes = 2 + 16 ** maxDepth / 8 + 32 * 16 ** maxDepth;
/** Blocks from one manifest to the next: those whose number it divides. All relays publish the same ones. */
export const shardPeriod = 256n;

/** Addresses of all shards of a storage. */
export interface Manifest {
  /** Digits of a key that say in which shard it is. */
  depth: number;
  /** Of the trie's node at each of the 16^depth ranges; undefined where a range is empty. */
  hashes: readonly (Uint8Array | undefined)[];
}

/** A byte each for version and depth, a bit for each range that is not empty, the first range's being the highest, and their hashes. */
export function encodeManifest({ depth, hashes }: Manifest): Uint8Array {
  const map = mapBytes(depth);
  const there = hashes.filter((hash) => hash !== undefined);
  const bytes = new Uint8Array(2 + map + 32 * there.length);
  bytes.set([version, depth]);
  for (const [range, hash] of hashes.entries())
    if (hash) bytes[2 + (range >> 3)] = (bytes[2 + (range >> 3)] as number) | (128 >> (range % 8));
  for (const [at, hash] of there.entries()) bytes.set(hash, 2 + map + 32 * at);
  return bytes;
}

/**
 * A manifest, proven to be the one of a storage.
 * @param bytes as a relay gave them
 * @param root of the storage
 * @throws SkrumbleError CHAIN_UNPROVEN
 */
export function openManifest(bytes: Uint8Array, root: Uint8Array): Manifest {
  const manifest = parse(bytes);
  const found = manifestRoot(manifest);
  if (!found || compareBytes(found, root) !== 0) throw unproven("That is another storage.");
  return manifest;
}

/**
 * Root of the storage; undefined where nodes above the ranges are not all branches, as in a small trie: their hashes do not follow from
 * those below them then, and the storage is to be cut less deep.
 */
export function manifestRoot({ hashes }: Manifest): Uint8Array | undefined {
  if (hashes.every((hash) => hash === undefined)) return hashes.length === 1 ? hexToBytes(emptyRoot) : undefined;
  let level = hashes;
  while (level.length > 1) {
    const above: (Uint8Array | undefined)[] = [];
    for (let at = 0; at < level.length; at += 16) {
      const children = level.slice(at, at + 16);
      const count = children.filter((child) => child !== undefined).length;
      if (count === 1) return undefined;
      above.push(count === 0 ? undefined : branchHash(children));
    }
    level = above;
  }
  return level[0];
}

function parse(bytes: Uint8Array): Manifest {
  const depth = bytes[1] ?? 0;
  if (bytes[0] !== version || bytes.length < 2 || depth > maxDepth) throw unproven("That is no manifest.");
  const map = mapBytes(depth);
  let at = 2 + map;
  const hashes = Array.from({ length: 16 ** depth }, (_, range) => {
    if (((bytes[2 + (range >> 3)] ?? 0) & (128 >> (range % 8))) === 0) return undefined;
    at += 32;
    return bytes.slice(at - 32, at);
  });
  // A single range leaves seven bits over.
  const isWhole = at === bytes.length && (depth > 0 || ((bytes[2] as number) & 127) === 0);
  if (!isWhole) throw unproven("That is no manifest.");
  return { depth, hashes };
}

const mapBytes = (depth: number): number => Math.ceil(16 ** depth / 8);
