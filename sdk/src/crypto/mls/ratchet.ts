import type { GenerationSecret, SecretTree, SecretTreeNode } from "ts-mls";
import { type Bytes, concat, u32 } from "../bytes.ts";
import { deriveSecret, type Expand, expandFrom, expandWithLabel } from "./labels.ts";
import { refused } from "./refused.ts";
import { covers, leafNode, left, right } from "./tree.ts";

/** The secret tree and its ratchets (RFC 9420 section 9). Nothing here changes a tree: each step gives the next one. */

export type Ratchet = keyof SecretTreeNode;

export interface MessageKey {
  generation: number;
  key: Uint8Array;
  nonce: Uint8Array;
}

/** Relays may deliver far out of order and drop typing notices, so skipped keys are kept for long. */
const keptGenerations = 512;
const maxSteps = 1_000;
const keyLength = 16;
const nonceLength = 12;

export const createSecretTree = (leafWidth: number, encryptionSecret: Uint8Array): SecretTree => ({
  leafWidth,
  intermediateNodes: { [leafWidth - 1]: encryptionSecret },
  leafNodes: {},
});

/** The key of the next message of a leaf. */
export function nextKey(tree: SecretTree, leaf: number, ratchet: Ratchet): { tree: SecretTree; key: MessageKey } {
  const opened = openLeaf(tree, leaf);
  const current = ratchetsOf(opened, leaf)[ratchet];
  const { key, next } = turn(current);
  return { tree: replace(opened, leaf, ratchet, next), key };
}

/** The key of a message that came, once. @throws SkrumbleError MLS_FAILED when it was given out, or is too far ahead */
export function takeKey(
  tree: SecretTree,
  leaf: number,
  ratchet: Ratchet,
  generation: number,
): { tree: SecretTree; key: MessageKey } {
  const opened = openLeaf(tree, leaf);
  const current = ratchetsOf(opened, leaf)[ratchet];
  if (generation < current.generation) {
    const { [generation]: kept, ...unusedGenerations } = current.unusedGenerations;
    if (!kept) throw refused("A key that was used.");
    return { tree: replace(opened, leaf, ratchet, { ...current, unusedGenerations }), key: unpack(kept, generation) };
  }
  if (generation - current.generation > maxSteps) throw refused("A key too far ahead.");
  let ahead = current;
  if (generation > current.generation) {
    const skipped: Record<number, Uint8Array> = { ...current.unusedGenerations };
    while (ahead.generation < generation) {
      const { key, next } = turn(ahead);
      skipped[ahead.generation] = concat(key.key, key.nonce);
      ahead = next;
    }
    ahead = { ...ahead, unusedGenerations: youngest(skipped) };
  }
  const { key, next } = turn(ahead);
  return { tree: replace(opened, leaf, ratchet, next), key };
}

/** Skipped generations are kept as key and nonce; the first version kept the secret, from which all later ones follow. */
const unpack = (kept: Uint8Array, generation: number): MessageKey =>
  kept.length === keyLength + nonceLength
    ? { generation, key: kept.slice(0, keyLength), nonce: kept.slice(keyLength) }
    : keyOf(expandFrom(kept), generation);

const keyOf = (expand: Expand, generation: number): MessageKey => ({
  generation,
  key: expand("key", u32(generation), keyLength),
  nonce: expand("nonce", u32(generation), nonceLength),
});

/** The key of the present generation, and the ratchet one further. */
function turn(current: GenerationSecret): { key: MessageKey; next: GenerationSecret } {
  const { generation } = current;
  const expand = expandFrom(current.secret);
  const secret = expand("secret", u32(generation), 32);
  return { key: keyOf(expand, generation), next: { ...current, secret, generation: generation + 1 } };
}

/** Keys that are numbers come in ascending order. */
function youngest(kept: Record<number, Uint8Array>): Record<number, Uint8Array> {
  const entries = Object.entries(kept);
  return entries.length > keptGenerations ? Object.fromEntries(entries.slice(-keptGenerations)) : kept;
}

function ratchetsOf(tree: SecretTree, leaf: number): SecretTreeNode {
  const node = tree.leafNodes[leafNode(leaf)];
  if (!node) throw refused("No such leaf.");
  return node;
}

function replace(tree: SecretTree, leaf: number, ratchet: Ratchet, next: GenerationSecret): SecretTree {
  const node = { ...ratchetsOf(tree, leaf), [ratchet]: next };
  return { ...tree, leafNodes: { ...tree.leafNodes, [leafNode(leaf)]: node } };
}

/** Derives a leaf's ratchets when it speaks for the first time, and forgets the secrets above it. */
function openLeaf(tree: SecretTree, leaf: number): SecretTree {
  const target = leafNode(leaf);
  if (tree.leafNodes[target]) return tree;
  const intermediateNodes = { ...tree.intermediateNodes };
  const known = Object.keys(intermediateNodes).map(Number);
  let node = known.find((candidate) => covers(candidate, leaf));
  if (node === undefined) throw refused("No such leaf.");
  for (;;) {
    const secret = intermediateNodes[node] as Uint8Array;
    delete intermediateNodes[node];
    if (node === target) {
      const [application, handshake] = [fresh(secret, "application"), fresh(secret, "handshake")];
      return { ...tree, intermediateNodes, leafNodes: { ...tree.leafNodes, [target]: { application, handshake } } };
    }
    intermediateNodes[left(node)] = child(secret, "left");
    intermediateNodes[right(node)] = child(secret, "right");
    node = covers(left(node), leaf) ? left(node) : right(node);
  }
}

const sides = { left: new TextEncoder().encode("left"), right: new TextEncoder().encode("right") };
const child = (secret: Uint8Array, side: keyof typeof sides): Bytes => expandWithLabel(secret, "tree", sides[side], 32);
const fresh = (secret: Uint8Array, ratchet: Ratchet): GenerationSecret => ({
  secret: deriveSecret(secret, ratchet),
  generation: 0,
  unusedGenerations: {},
});
