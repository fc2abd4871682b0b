import { type Extension, encode, type KeyPackage, keyPackageEncoder, type LeafNode, type RatchetTree } from "ts-mls";
import type { Millis } from "../../types/primitives.ts";
import { equalBytes, toHexString } from "../bytes.ts";
import { claimOf, type DeviceClaim, deviceCheck, type ExpectedMembers } from "./credential.ts";
import { leafToSign } from "./encode.ts";
import { capabilities } from "./extension.ts";
import { verifyWithLabel } from "./labels.ts";
import { refused } from "./refused.ts";
import { vector } from "./tls.ts";
import { publicKeyOf } from "./tree.ts";

const day = 86_400_000;

/** RFC 9420 section 7.3, but for the lifetime: who it is, and that the device signed it. Throws MLS_FAILED. */
export async function checkLeaf(
  leaf: LeafNode,
  at: { groupId: Uint8Array; leafIndex: number; extensions: Extension[]; expected: ExpectedMembers },
): Promise<DeviceClaim> {
  const claim = claimOf(leaf.credential);
  if (!claim || !(await deviceCheck(at.expected)(claim, leaf.signaturePublicKey)))
    throw refused("A device nobody vouches for.");
  const can = leaf.capabilities;
  const needed = [...at.extensions, ...leaf.extensions].map(({ extensionType }) => extensionType);
  if (
    !needed.every((type) => can.extensions.includes(type)) ||
    !capabilities.versions.every((version) => can.versions.includes(version)) ||
    !capabilities.ciphersuites.every((suite) => can.ciphersuites.includes(suite)) ||
    !capabilities.credentials.every((type) => can.credentials.includes(type))
  ) {
    throw refused("A device that cannot take part.");
  }
  const content = leafToSign(leaf, at.groupId, at.leafIndex);
  if (!(await verifyWithLabel(leaf.signaturePublicKey, "LeafNodeTBS", content, leaf.signature))) {
    throw refused("A leaf its device did not sign.");
  }
  return claim;
}

/** Section 10.1, but for its leaf. Throws MLS_FAILED. */
export async function checkKeyPackage(keyPackage: KeyPackage): Promise<void> {
  const { leafNode, initKey, signature, version, cipherSuite } = keyPackage;
  if (version !== capabilities.versions[0] || cipherSuite !== capabilities.ciphersuites[0]) {
    throw refused("A key package of another protocol.");
  }
  if (equalBytes(initKey, leafNode.hpkePublicKey)) throw refused("A key package with one key for two purposes.");
  const bytes = encode(keyPackageEncoder, keyPackage);
  const content = bytes.subarray(0, bytes.length - vector(signature).length);
  if (!(await verifyWithLabel(leafNode.signaturePublicKey, "KeyPackageTBS", content, signature))) {
    throw refused("A key package its device did not sign.");
  }
}

/**
 * Section 7.2: only whoever adds a device looks at its lifetime. Those who hear of it later, perhaps much later, and those
 * who join must not, or an old group would fall apart. A day of tolerance: clocks are wrong.
 */
export function checkLifetime({ leafNode }: KeyPackage, now: Millis): void {
  const { notBefore, notAfter } = leafNode.lifetime;
  const [earliest, latest] = [now - day, now + day].map((millis) => BigInt(Math.floor(millis / 1000)));
  if (notBefore > (latest as bigint) || notAfter < (earliest as bigint))
    throw refused("A key package out of its time.");
}

/** Section 7.3 and 12.4.3.1: no key and no device twice. */
export function checkUnique(tree: RatchetTree): void {
  const keys = new Set<string>();
  let count = 0;
  for (const node of tree) {
    if (!node) continue;
    keys.add(toHexString(publicKeyOf(node)));
    count++;
    if ("leaf" in node) {
      keys.add(`device ${toHexString(node.leaf.signaturePublicKey)}`);
      count++;
    }
  }
  if (keys.size !== count) throw refused("A key or device twice in one group.");
}
