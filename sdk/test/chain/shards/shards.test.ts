import fc from "fast-check";
import { bytesToHex, type Hex, hexToBytes, keccak256, numberToHex, toRlp } from "viem";
import { expect, test } from "vitest";
import { cutShards } from "../../../src/chain/shards/cutShards.ts";
import { type Leaf, rangeOf } from "../../../src/chain/shards/leaves.ts";
import { encodeManifest, manifestRoot, openManifest } from "../../../src/chain/shards/manifest.ts";
import { encodeShard, openShard } from "../../../src/chain/shards/shard.ts";
import { branchHash, extensionHash, trieRoot } from "../../../src/chain/shards/trieRoot.ts";
import { emptyRoot } from "../../../src/chain/verified/trie.ts";
import { compareBytes } from "../../../src/crypto/bytes.ts";

const unproven = expect.objectContaining({ code: "CHAIN_UNPROVEN" });
const ordered = (leaves: Leaf[]) => leaves.sort((one, other) => compareBytes(one.key, other.key));
const someLeaves = (count: number): Leaf[] =>
  ordered(
    Array.from({ length: count }, (_, at) => ({
      key: hexToBytes(keccak256(numberToHex(at))),
      value: hexToBytes(numberToHex(at + 1)),
    })),
  );

/** A trie as the Yellow Paper defines it, c and n of appendix D, on strings of digits: slow, and unlike what it is compared with. */
function plainRoot(leaves: readonly Leaf[]): Hex {
  const all = leaves.map(({ key, value }) => [bytesToHex(key).slice(2), toRlp(bytesToHex(value))] as [string, Hex]);
  return all.length === 0 ? emptyRoot : keccak256(toRlp(compose(all, 0)));
}
type Item = Hex | Item[];
function compose(all: [string, Hex][], depth: number): never {
  const [[key, value]] = all as [[string, Hex]];
  if (all.length === 1) return [prefixed(key.slice(depth), 2), value] as never;
  let common = depth;
  while (all.every(([other]) => other.startsWith(key.slice(0, common + 1)))) common++;
  if (common > depth) return [prefixed(key.slice(depth, common), 0), named(compose(all, common))] as never;
  const children = [..."0123456789abcdef"].map((digit) => all.filter(([other]) => other[depth] === digit));
  return [...children.map((some) => (some.length === 0 ? "0x" : named(compose(some, depth + 1)))), "0x"] as never;
}
const named = (node: never): Item => (toRlp(node).length < 66 ? node : keccak256(toRlp(node)));
const prefixed = (path: string, kind: number): Hex =>
  path.length % 2 === 1 ? `0x${kind + 1}${path}` : `0x${kind}0${path}`;

/** Keys that have much in common, too: deep forks, and nodes so short that they stand in their parents. */
const aKey = fc
  .tuple(fc.constantFrom(0, 0, 1, 15, 30, 31), fc.uint8Array({ minLength: 32, maxLength: 32 }))
  .map(([same, key]) => key.map((byte, at) => (at < same ? 0x5a : byte)));
const aValue = fc
  .uint8Array({ minLength: 1, maxLength: 32 })
  .map((value) => value.map((byte, at) => (at === 0 && byte === 0 ? 1 : byte)));
const anyLeaves = fc
  .uniqueArray(fc.record({ key: aKey, value: aValue }), { maxLength: 60, selector: ({ key }) => bytesToHex(key) })
  .map(ordered);

test("the root is that of a plain trie with the same leaves", () => {
  fc.assert(
    fc.property(anyLeaves, (leaves) => bytesToHex(trieRoot(leaves)) === plainRoot(leaves)),
    { numRuns: 500 },
  );
});

test.each([3, 4])("%i digits that all leaves of a range have in common are an extension above their branch", (fork) => {
  const start = (key: Uint8Array, digit: number) => {
    const digits = `5a5a${digit.toString(16)}`.slice(4 - fork, 5);
    return hexToBytes(`0x${digits}${bytesToHex(key).slice(2 + digits.length)}`);
  };
  const leaves = ordered(someLeaves(64).map(({ key, value }, at) => ({ key: start(key, at % 16), value })));
  const below = (digit: number) => leaves.filter(({ key }) => rangeOf(key, fork + 1) % 16 === digit);
  const branch = branchHash(Array.from({ length: 16 }, (_, digit) => trieRoot(below(digit), fork + 1)));
  const first = leaves[0]?.key as Uint8Array;
  for (const depth of [0, 1, 2]) expect(extensionHash(first, depth, fork, branch)).toEqual(trieRoot(leaves, depth));
});

test("any leaves are cut into shards that can be opened again, and whose manifest has the root of all", () => {
  const cut = (leaves: Leaf[]) => {
    const { manifest, ranges } = cutShards(leaves);
    const opened = openManifest(encodeManifest(manifest), trieRoot(leaves));
    expect(opened).toEqual(manifest);
    for (const [range, hash] of manifest.hashes.entries()) {
      const inside = ranges[range] as Leaf[];
      if (hash) expect(openShard(encodeShard(inside, manifest.depth), hash, range, manifest.depth)).toEqual(inside);
      else expect(inside).toEqual([]);
    }
  };
  fc.assert(fc.property(anyLeaves, cut));
  for (const count of [256, 257, 4_200]) cut(someLeaves(count));
});

test("a storage is cut as deep as it is large, and not where a range is crowded", () => {
  expect([0, 256, 257, 4_200].map((count) => cutShards(someLeaves(count)).manifest.depth)).toEqual([0, 0, 1, 2]);
  const crowded = someLeaves(8_000).filter(({ key }) => rangeOf(key, 1) === 3);
  expect(crowded.length).toBeGreaterThan(256);
  expect(cutShards(crowded).manifest.depth).toBe(0);
});

const leaves = someLeaves(1_000);
const { manifest, ranges } = cutShards(leaves);
const [range, depth] = [5, manifest.depth];
const inside = ranges[range] as Leaf[];
const hash = manifest.hashes[range] as Uint8Array;
const refused = (bytes: Uint8Array) => expect(() => openShard(bytes, hash, range, depth)).toThrow(unproven);

test("a shard with any bit flipped is refused, and one that is cut off or longer", () => {
  const good = encodeShard(inside, depth);
  expect(depth).toBe(1);
  for (let bit = 0; bit < good.length * 8; bit += 37) {
    const bad = good.slice();
    bad[bit >> 3] = (bad[bit >> 3] as number) ^ (1 << (bit % 8));
    refused(bad);
  }
  for (const length of [0, 1, 2, 33, good.length - 1]) refused(good.slice(0, length));
  refused(Uint8Array.from([...good, 0]));
  refused(new Uint8Array((1 << 20) + 1));
});

test("a shard lacks no leaf, has none too many, none of another range, and each in its place", () => {
  const [first, second, ...rest] = inside as [Leaf, Leaf, ...Leaf[]];
  const extra = { key: first.key.map((byte, at) => (at === 31 ? byte ^ 1 : byte)), value: first.value };
  for (const wrong of [
    [second, ...rest],
    ordered([first, extra, second, ...rest]),
    [second, first, ...rest],
    [first, first, second, ...rest],
    [first, { ...second, value: Uint8Array.from([0, ...second.value]) }, ...rest],
    ranges[6] as Leaf[],
    [],
  ])
    refused(encodeShard(wrong, depth));
  expect(() => openShard(encodeShard(inside, depth), hash, 6, depth), "in the place of another").not.toThrow();
  expect(openShard(encodeShard(inside, depth), hash, range, depth)).toEqual(inside);
});

test("a manifest with any bit flipped, of another storage or of another form is refused", () => {
  const good = encodeManifest(manifest);
  const root = trieRoot(leaves);
  const no = (bytes: Uint8Array, of = root) => expect(() => openManifest(bytes, of)).toThrow(unproven);
  for (let bit = 0; bit < good.length * 8; bit++) {
    const bad = good.slice();
    bad[bit >> 3] = (bad[bit >> 3] as number) ^ (1 << (bit % 8));
    no(bad);
  }
  for (const length of [0, 1, 2, 3, good.length - 1]) no(good.slice(0, length));
  no(Uint8Array.from([...good, 0]));
  no(good, trieRoot(leaves.slice(1)));
  no(Uint8Array.of(1, 0, 1));
  no(Uint8Array.of(1, 5, 0));
});

test("an empty storage has a manifest, too; a crowded one none that is too deep", () => {
  const nothing = encodeManifest({ depth: 0, hashes: [undefined] });
  expect(openManifest(nothing, hexToBytes(emptyRoot)).hashes).toEqual([undefined]);
  const one = Array.from({ length: 16 }, (_, at) => (at === 3 ? hash : undefined));
  expect(manifestRoot({ depth: 1, hashes: one })).toBeUndefined();
  expect(manifestRoot({ depth: 1, hashes: one.map(() => undefined) })).toBeUndefined();
});
