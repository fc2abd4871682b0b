import {
  type GroupContext,
  type LeafNode,
  type LeafNodeCommit,
  leafNodeSources,
  nodeTypes,
  type RatchetTree,
  type UpdatePath,
} from "ts-mls";
import { type Bytes, equalBytes, randomBytes } from "../bytes.ts";
import { encodeGroupContext, leafToSign } from "./encode.ts";
import { decryptWithLabel, deriveSecret, encryptWithLabel, signWithLabel } from "./labels.ts";
import { refused } from "./refused.ts";
import { mlsSuite } from "./suite.ts";
import { blankPath, covers, directPath, filteredPath, leafNode, type PathStep, publicKeyOf } from "./tree.ts";
import { parentHash } from "./treeHash.ts";

/** Private keys by node, those this device knows. */
export type PrivateKeys = Record<number, Uint8Array>;

/** Derives the key pair of a node (RFC 9420 section 7.4). */
async function nodeKeys(pathSecret: Uint8Array): Promise<{ publicKey: Uint8Array; privateKey: Uint8Array }> {
  const { hpke } = await mlsSuite();
  const pair = await hpke.deriveKeyPair(deriveSecret(pathSecret, "node"));
  return {
    publicKey: await hpke.exportPublicKey(pair.publicKey),
    privateKey: await hpke.exportPrivateKey(pair.privateKey),
  };
}

/** Puts new keys on the path of a leaf (section 7.5), and gives the parent hash the leaf must have. */
function placeKeys(tree: RatchetTree, leaf: number, steps: PathStep[], keys: Uint8Array[]): Uint8Array {
  blankPath(tree, leaf);
  const cache = new Map<number, Bytes>();
  let hash: Uint8Array = new Uint8Array();
  for (const [i, { node, sibling }] of [...steps.entries()].reverse()) {
    const hpkePublicKey = keys[i] as Uint8Array;
    tree[node] = { nodeType: nodeTypes.parent, parent: { hpkePublicKey, parentHash: hash, unmergedLeaves: [] } };
    hash = parentHash(tree, node, sibling, cache);
  }
  return hash;
}

/** Those below a node who are told its secret; who joins by this very commit hears it from the welcome. */
const told = (step: PathStep, added: number[]): number[] =>
  step.reach.filter((node) => !added.some((leaf) => leafNode(leaf) === node));

export interface NewPath {
  path: UpdatePath;
  privateKeys: PrivateKeys;
  commitSecret: Bytes;
  /** By node. */
  secrets: Map<number, Bytes>;
}

/**
 * Makes fresh keys from one's own leaf to the root in `tree`, and encrypts them for everybody else.
 * @param input.context the next epoch's, for the tree as it is then, but with the transcript hash of this one
 */
export async function createPath(
  tree: RatchetTree,
  input: {
    leaf: number;
    current: LeafNode;
    groupId: Uint8Array;
    added: number[];
    signaturePrivateKey: Uint8Array;
    context: (tree: RatchetTree) => GroupContext;
  },
): Promise<NewPath> {
  const { leaf, current, groupId, added } = input;
  const { hpke } = await mlsSuite();
  const steps = filteredPath(tree, leaf);
  const secrets = new Map<number, Bytes>();
  const privateKeys: PrivateKeys = {};
  const publicKeys: Uint8Array[] = [];
  let secret = randomBytes(32);
  for (const { node } of steps) {
    const pair = await nodeKeys(secret);
    secrets.set(node, secret);
    privateKeys[node] = pair.privateKey;
    publicKeys.push(pair.publicKey);
    secret = deriveSecret(secret, "path");
  }
  const own = await hpke.generateKeyPair();
  privateKeys[leafNode(leaf)] = await hpke.exportPrivateKey(own.privateKey);
  const { credential, capabilities, extensions, signaturePublicKey } = current;
  const unsigned = {
    leafNodeSource: leafNodeSources.commit,
    hpkePublicKey: await hpke.exportPublicKey(own.publicKey),
    parentHash: placeKeys(tree, leaf, steps, publicKeys),
    ...{ credential, capabilities, extensions, signaturePublicKey },
  };
  const toSign = leafToSign(unsigned, groupId, leaf);
  const signature = await signWithLabel(input.signaturePrivateKey, "LeafNodeTBS", toSign);
  const newLeaf: LeafNodeCommit = { ...unsigned, signature };
  tree[leafNode(leaf)] = { nodeType: nodeTypes.leaf, leaf: newLeaf };
  const context = encodeGroupContext(input.context(tree));
  const nodes = await Promise.all(
    steps.map(async (step, i) => ({
      hpkePublicKey: publicKeys[i] as Uint8Array,
      encryptedPathSecret: await Promise.all(
        told(step, added).map((node) =>
          encryptWithLabel(keyAt(tree, node), "UpdatePathNode", context, secrets.get(step.node) as Bytes),
        ),
      ),
    })),
  );
  return { path: { leafNode: newLeaf, nodes }, privateKeys, commitSecret: secret, secrets };
}

function keyAt(tree: RatchetTree, node: number): Uint8Array {
  const found = tree[node];
  if (!found) throw refused("A blank node in a resolution.");
  return publicKeyOf(found);
}

/** Puts somebody else's path into `tree`. Gives its steps. @throws SkrumbleError MLS_FAILED */
export function placePath(tree: RatchetTree, leaf: number, path: UpdatePath): PathStep[] {
  const steps = filteredPath(tree, leaf);
  if (steps.length !== path.nodes.length) throw refused("A path of the wrong length.");
  const keys = path.nodes.map(({ hpkePublicKey }) => hpkePublicKey);
  const hash = placeKeys(tree, leaf, steps, keys);
  if (!equalBytes(hash, path.leafNode.parentHash)) throw refused("A path that does not fit the tree.");
  tree[leafNode(leaf)] = { nodeType: nodeTypes.leaf, leaf: path.leafNode };
  return steps;
}

/** Decrypts what somebody else's path holds for this device. @throws SkrumbleError MLS_FAILED, or what HPKE throws */
export async function readPath(
  tree: RatchetTree,
  input: {
    own: number;
    known: PrivateKeys;
    steps: PathStep[];
    path: UpdatePath;
    added: number[];
    context: GroupContext;
  },
): Promise<{ privateKeys: PrivateKeys; commitSecret: Bytes }> {
  const { own, known, steps, path, added } = input;
  const at = steps.findIndex(({ node }) => covers(node, own));
  const step = steps[at];
  const reach = step ? told(step, added) : [];
  const sealed = path.nodes[at]?.encryptedPathSecret ?? [];
  const index = reach.findIndex((node) => covers(node, own) && known[node]);
  const ciphertext = sealed[index];
  if (sealed.length !== reach.length || !ciphertext) throw refused("A path without a secret for this device.");
  const key = known[reach[index] as number] as Uint8Array;
  const context = encodeGroupContext(input.context);
  const secret = await decryptWithLabel(key, "UpdatePathNode", context, ciphertext);
  return climb(tree, steps.slice(at), secret);
}

/** From the secret of one node to the keys of all above it, which must be those in the tree. */
export async function climb(
  tree: RatchetTree,
  steps: PathStep[],
  first: Uint8Array,
): Promise<{ privateKeys: PrivateKeys; commitSecret: Bytes }> {
  const privateKeys: PrivateKeys = {};
  let secret = new Uint8Array(first);
  for (const { node } of steps) {
    const { publicKey, privateKey } = await nodeKeys(secret);
    if (!equalBytes(publicKey, keyAt(tree, node))) throw refused("A path secret of another key.");
    privateKeys[node] = privateKey;
    secret = deriveSecret(secret, "path");
  }
  return { privateKeys, commitSecret: secret };
}

/** Forgets the keys of nodes that were blanked or got new keys, and adds the fresh ones. */
export function renewKeys(
  tree: RatchetTree,
  own: number,
  known: PrivateKeys,
  fresh: PrivateKeys,
  path: PathStep[],
): PrivateKeys {
  const replaced = new Set(path.map(({ node }) => node));
  const kept = [leafNode(own), ...directPath(tree, own)].filter((node) => tree[node] && !replaced.has(node));
  return { ...Object.fromEntries(kept.flatMap((node) => (known[node] ? [[node, known[node]]] : []))), ...fresh };
}
