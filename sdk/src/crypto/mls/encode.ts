import {
  type Capabilities,
  defaultCredentialTypes,
  type Extension,
  type GroupContext,
  isDefaultCredential,
  type LeafNode,
  leafNodeSources,
  nodeTypes,
  type ParentNode,
  type RatchetTree,
} from "ts-mls";
import { type Bytes, concat, u64 } from "../bytes.ts";
import { refused } from "./refused.ts";
import { uint, vector } from "./tls.ts";

/** Structures of RFC 9420 as the bytes that are hashed and signed. */

export function encodeExtensions(extensions: Extension[]): Bytes {
  return vector(
    ...extensions.map(({ extensionType, extensionData }) => {
      if (!(extensionData instanceof Uint8Array)) throw refused("An extension this network does not use.");
      return concat(uint(extensionType, 2), vector(extensionData));
    }),
  );
}

/** Nothing in a state is ever changed, so the same object has the same bytes: for what is encoded with every message. */
export function remembered<T extends object>(encode: (value: T) => Bytes): (value: T) => Bytes {
  const known = new WeakMap<T, Bytes>();
  return (value) => {
    const found = known.get(value) ?? encode(value);
    known.set(value, found);
    return found;
  };
}

/** Section 8.1. */
export const encodeGroupContext = remembered((context: GroupContext) =>
  concat(
    uint(context.version, 2),
    uint(context.cipherSuite, 2),
    vector(context.groupId),
    u64(context.epoch),
    vector(context.treeHash),
    vector(context.confirmedTranscriptHash),
    encodeExtensions(context.extensions),
  ),
);

const numbers = (values: number[], size: 2 | 4): Bytes => vector(...values.map((value) => uint(value, size)));

const encodeCapabilities = (capabilities: Capabilities): Bytes =>
  concat(
    numbers(capabilities.versions, 2),
    numbers(capabilities.ciphersuites, 2),
    numbers(capabilities.extensions, 2),
    numbers(capabilities.proposals, 2),
    numbers(capabilities.credentials, 2),
  );

/** A leaf before it is signed. */
export type UnsignedLeaf = LeafNode extends infer Leaf
  ? Leaf extends LeafNode
    ? Omit<Leaf, "signature">
    : never
  : never;

/** All of a leaf but its signature. */
function encodeUnsigned(leaf: UnsignedLeaf): Bytes {
  const { credential } = leaf;
  if (!isDefaultCredential(credential) || credential.credentialType !== defaultCredentialTypes.basic) {
    throw refused("A credential this network does not use.");
  }
  let source = new Uint8Array();
  if (leaf.leafNodeSource === leafNodeSources.key_package) {
    source = concat(u64(leaf.lifetime.notBefore), u64(leaf.lifetime.notAfter));
  }
  if (leaf.leafNodeSource === leafNodeSources.commit) source = vector(leaf.parentHash);
  return concat(
    vector(leaf.hpkePublicKey),
    vector(leaf.signaturePublicKey),
    uint(credential.credentialType, 2),
    vector(credential.identity),
    encodeCapabilities(leaf.capabilities),
    uint(leaf.leafNodeSource, 1),
    source,
    encodeExtensions(leaf.extensions),
  );
}

/** Section 7.2, LeafNodeTBS: a leaf of a commit is bound to its group and place. */
export function leafToSign(leaf: UnsignedLeaf, groupId: Uint8Array, leafIndex: number): Bytes {
  if (leaf.leafNodeSource === leafNodeSources.key_package) return encodeUnsigned(leaf);
  return concat(encodeUnsigned(leaf), vector(groupId), uint(leafIndex, 4));
}

export const encodeLeaf = (leaf: LeafNode): Bytes => concat(encodeUnsigned(leaf), vector(leaf.signature));

export const encodeParent = ({ hpkePublicKey, parentHash, unmergedLeaves }: ParentNode): Bytes =>
  concat(vector(hpkePublicKey), vector(parentHash), numbers(unmergedLeaves, 4));

/** Section 12.4.3.3: without the blank nodes at the end. */
export const encodeTree = remembered((tree: RatchetTree) => {
  const end = tree.findLastIndex((node) => node !== undefined) + 1;
  return vector(
    ...tree.slice(0, end).map((node) => {
      if (!node) return uint(0, 1);
      const body = node.nodeType === nodeTypes.leaf ? encodeLeaf(node.leaf) : encodeParent(node.parent);
      return concat(uint(1, 1), uint(node.nodeType, 1), body);
    }),
  );
});
