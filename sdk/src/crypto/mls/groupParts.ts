import type { SecretTree, SecretTreeNode } from "ts-mls";
import { SkrumbleError } from "../../errors/index.ts";
import { type Bytes, concat, u32, u64 } from "../bytes.ts";
import { encodeInnerNodes, encodeRatchets, encodeState } from "./encodeGroup.ts";
import { decodeState, type MlsGroup } from "./state.ts";
import { type Reader, reader } from "./tls.ts";

/**
 * A group in parts, for a store: what only an epoch changes (the trees and keys of the group, hundreds of KB in a large one), and
 * the secret trees with their ratchets, of which a message changes one. The lasting part has none of the secrets
 * of the other ones, so that a key that was used is nowhere any more.
 */

/** Version 2 is a state in one piece (encodeGroup). */
const lastingVersion = 3;
const ratchetVersion = 1;

const innerNodes = 0;
const leafNode = 1;

/** @returns undefined when the part would be the same as it was */
export function lastingPart(before: MlsGroup | undefined, group: MlsGroup): Bytes | undefined {
  const [was, is] = [before ? lasting(before) : [], lasting(group)];
  if (was.length === is.length && is.every((value, i) => value === was[i])) return undefined;
  const past = [...group.historicalReceiverData].map(
    ([epoch, data]) => [epoch, { ...data, secretTree: noSecrets }] as const,
  );
  const without = { ...group, secretTree: noSecrets, historicalReceiverData: new Map(past) };
  return concat(Uint8Array.of(lastingVersion), encodeState(without));
}

const noSecrets: SecretTree = { leafWidth: 0, intermediateNodes: {}, leafNodes: {} };

/** Nothing in a state is ever changed: what is the same object is the same. */
function lasting({ secretTree: _, historicalReceiverData, ...present }: MlsGroup): unknown[] {
  const past = [...historicalReceiverData].flatMap(([epoch, { secretTree: _, ...rest }]) => [
    epoch,
    ...Object.values(rest),
  ]);
  return [...Object.values(present), ...past];
}

/** One record of a secret tree. `bytes` undefined: there is no such record any more. */
export interface RatchetPart {
  /** Tells it from the other ones of its group. */
  name: string;
  bytes: Bytes | undefined;
}

/** What has to be written so that the records of `before` become those of `group`. */
export function ratchetParts(before: MlsGroup | undefined, group: MlsGroup): RatchetPart[] {
  const [was, is] = [before ? records(before) : new Map<string, RatchetRecord>(), records(group)];
  const written = [...is].filter(([name, { content }]) => was.get(name)?.content !== content);
  const gone = [...was.keys()].filter((name) => !is.has(name));
  return [
    ...written.map(([name, { encode }]) => ({ name, bytes: encode() })),
    ...gone.map((name) => ({ name, bytes: undefined })),
  ];
}

interface RatchetRecord {
  content: SecretTree["intermediateNodes"] | SecretTreeNode;
  encode(): Bytes;
}

function records(group: MlsGroup): Map<string, RatchetRecord> {
  const found = new Map<string, RatchetRecord>();
  for (const [epoch, tree] of secretTrees(group)) {
    const start = (kind: number) => concat(Uint8Array.of(ratchetVersion), u64(epoch), Uint8Array.of(kind));
    found.set(`${epoch}`, {
      content: tree.intermediateNodes,
      encode: () => concat(start(innerNodes), encodeInnerNodes(tree)),
    });
    for (const [node, ratchets] of Object.entries(tree.leafNodes)) {
      found.set(`${epoch} ${node}`, {
        content: ratchets,
        encode: () => concat(start(leafNode), u32(Number(node)), encodeRatchets(ratchets)),
      });
    }
  }
  return found;
}

const secretTrees = (group: MlsGroup): (readonly [bigint, SecretTree])[] => [
  ...[...group.historicalReceiverData].map(([epoch, { secretTree }]) => [epoch, secretTree] as const),
  [group.groupContext.epoch, group.secretTree],
];

/** @throws SkrumbleError STORE_VERSION, STORE_CORRUPT */
export function joinParts(lastingBytes: Uint8Array, ratchets: readonly Uint8Array[]): MlsGroup {
  if (lastingBytes[0] !== lastingVersion) throw new SkrumbleError("STORE_VERSION");
  const group = decodeState(lastingBytes.slice(1));
  const trees = new Map<bigint, SecretTree>();
  const leaves: { epoch: bigint; node: number; ratchets: SecretTreeNode }[] = [];
  for (const bytes of ratchets) {
    if (bytes[0] !== ratchetVersion) throw new SkrumbleError("STORE_VERSION");
    try {
      const read = reader(bytes.slice(1));
      const epoch = (BigInt(read.uint(4)) << 32n) | BigInt(read.uint(4));
      if (read.byte() === innerNodes) {
        trees.set(epoch, { leafWidth: read.uint(4), intermediateNodes: readNumbered(read, vectorOf), leafNodes: {} });
      } else leaves.push({ epoch, node: read.uint(4), ratchets: readRatchets(read) });
    } catch (cause) {
      throw new SkrumbleError("STORE_CORRUPT", { cause });
    }
  }
  const treeOf = (epoch: bigint): SecretTree => {
    const tree = trees.get(epoch);
    if (!tree) throw new SkrumbleError("STORE_CORRUPT", { details: "The ratchets of an epoch are missing." });
    return tree;
  };
  for (const { epoch, node, ratchets } of leaves) treeOf(epoch).leafNodes[node] = ratchets;
  const past = [...group.historicalReceiverData].map(
    ([epoch, data]) => [epoch, { ...data, secretTree: treeOf(epoch) }] as const,
  );
  return { ...group, secretTree: treeOf(group.groupContext.epoch), historicalReceiverData: new Map(past) };
}

const vectorOf = (read: Reader) => read.vector();

function readNumbered<T>(from: Reader, value: (from: Reader) => T): Record<number, T> {
  const inside = reader(from.vector());
  const found: Record<number, T> = {};
  while (!inside.done()) found[inside.uint(4)] = value(inside);
  return found;
}

const readRatchet = (from: Reader) => ({
  secret: from.vector(),
  generation: from.uint(4),
  unusedGenerations: readNumbered(from, vectorOf),
});

const readRatchets = (from: Reader): SecretTreeNode => ({
  handshake: readRatchet(from),
  application: readRatchet(from),
});
