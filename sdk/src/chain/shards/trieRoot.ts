import { hexToBytes, keccak256, toRlp } from "viem";
import { emptyRoot } from "../verified/trie.ts";
import { checkLeaves, digitOf, type Leaf } from "./leaves.ts";

type Node = Uint8Array | readonly Node[];

const empty = new Uint8Array(0);
const keyDigits = 64;

/**
 * Hash of the node below which a trie has exactly these leaves; of an empty trie where there are none.
 * @param leaves ascending by key, all beginning with the same `depth` digits
 * @param depth digits of the keys that were used up on the way to the node; 0 for the trie's root
 * @throws SkrumbleError CHAIN_UNPROVEN where the leaves are out of order
 * @see Ethereum Yellow Paper, appendix D
 */
export function trieRoot(leaves: readonly Leaf[], depth = 0): Uint8Array {
  checkLeaves(leaves);
  if (leaves.length === 0) return hexToBytes(emptyRoot);
  return keccak256(toRlp(nodeOf(leaves, 0, leaves.length, depth), "bytes"), "bytes");
}

/** Hash of a branch over 16 nodes that are long enough to be named by their hashes. */
export const branchHash = (children: readonly (Uint8Array | undefined)[]): Uint8Array =>
  keccak256(toRlp([...children.map((child) => child ?? empty), empty], "bytes"), "bytes");

/**
 * Hash of the extension from one node to a branch further down: where all leaves below have more digits in common.
 * @param key of one of them
 * @param from digits used up at the extension
 * @param to digits used up at the branch
 */
export const extensionHash = (key: Uint8Array, from: number, to: number, branch: Uint8Array): Uint8Array =>
  keccak256(toRlp([pathOf(key, from, to, 0), branch], "bytes"), "bytes");

function nodeOf(leaves: readonly Leaf[], from: number, to: number, depth: number): Node {
  const { key, value } = leaves[from] as Leaf;
  if (to - from === 1) return [pathOf(key, depth, keyDigits, 2), toRlp(value, "bytes")];
  const last = (leaves[to - 1] as Leaf).key;
  // In order, so what the first and the last have in common all of them have.
  let fork = depth;
  while (digitOf(key, fork) === digitOf(last, fork)) fork++;
  if (fork > depth) return [pathOf(key, depth, fork, 0), referenceTo(branchOf(leaves, from, to, fork))];
  return branchOf(leaves, from, to, depth);
}

function branchOf(leaves: readonly Leaf[], from: number, to: number, depth: number): Node {
  const items: Node[] = Array.from({ length: 17 }, () => empty);
  for (let start = from; start < to; ) {
    const digit = digitOf((leaves[start] as Leaf).key, depth);
    let end = start + 1;
    while (end < to && digitOf((leaves[end] as Leaf).key, depth) === digit) end++;
    items[digit] = referenceTo(nodeOf(leaves, start, end, depth + 1));
    start = end;
  }
  return items;
}

/** A node shorter than a hash stands in its parent itself. */
function referenceTo(node: Node): Node {
  const encoded = toRlp(node, "bytes");
  return encoded.length < 32 ? node : keccak256(encoded, "bytes");
}

/** Hex prefix: the first digit says whether the path ends here (2) and whether its digits are odd in number (1). */
function pathOf(key: Uint8Array, from: number, to: number, kind: 0 | 2): Uint8Array {
  let digits = (to - from) % 2 === 1 ? `${kind + 1}` : `${kind}0`;
  for (let at = from; at < to; at++) digits += digitOf(key, at).toString(16);
  return hexToBytes(`0x${digits}`);
}
