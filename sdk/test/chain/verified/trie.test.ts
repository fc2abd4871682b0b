import { type Hex, keccak256, stringToHex, toRlp } from "viem";
import { expect, test } from "vitest";
import { emptyRoot, proveValue } from "../../../src/chain/verified/trie.ts";

type Node = Hex | Node[];

/** The example of ethereum.org's "Merkle Patricia Trie": do, dog, doge and horse; its root is in ethereum/tests, trieanyorder.json, "puppy". */
const root: Hex = "0x5991bb8c6514148a29db676a14ac506cd2cd5775ace63c30a4fe457715e9ac84";
const text = (word: string): Hex => stringToHex(word);
const branch = (children: Record<number, Node>, value: Hex = "0x"): Node[] => [
  ...Array.from({ length: 16 }, (_, at) => children[at] ?? "0x"),
  value,
];
const encode = (node: Node): Hex => toRlp(node as never);
// Shorter than a hash, so it stands in the node above.
const d: Node = ["0x17", branch({ 6: ["0x35", text("coin")] }, text("puppy"))];
const c = encode(branch({ 6: d }, text("verb")));
const b = encode(["0x006f", keccak256(c)]);
const a = encode(branch({ 4: keccak256(b), 8: ["0x206f727365", text("stallion")] }));
const top = encode(["0x16", keccak256(a)]);
const nodes = [top, a, b, c];

test.each([
  ["do", "verb"],
  ["dog", "puppy"],
  ["doge", "coin"],
  ["horse", "stallion"],
])("proves that %s is %s", (key, value) => {
  expect(proveValue(root, text(key), nodes)).toBe(text(value));
});

test.each(["d", "cat", "dot", "dogs", "doges", "horses", "hors", "hound", "h", ""])(
  "proves that %j has no value",
  (key) => {
    expect(proveValue(root, text(key), nodes)).toBeUndefined();
  },
);

test("an empty trie has nothing, and needs no proof", () => {
  expect(keccak256(toRlp("0x"))).toBe(emptyRoot);
  expect(proveValue(emptyRoot, text("dog"), [])).toBeUndefined();
});

test("proves nothing without a node on the way, with a changed one, or from another root", () => {
  const wrong = { code: "CHAIN_UNPROVEN" };
  for (const missing of nodes)
    expect(() =>
      proveValue(
        root,
        text("doge"),
        nodes.filter((node) => node !== missing),
      ),
    ).toThrow(expect.objectContaining(wrong));
  const forged = nodes.map((node) => node.replace(text("coin").slice(2), text("gold").slice(2)) as Hex);
  expect(() => proveValue(root, text("doge"), forged)).toThrow(expect.objectContaining(wrong));
  expect(() => proveValue(keccak256("0x01"), text("dog"), nodes)).toThrow(expect.objectContaining(wrong));
});

test("nodes that are none are refused, however they are named", () => {
  const malformed: Node[] = [
    [],
    ["0x20"],
    ["0x20", "0x01", "0x02"],
    // A flag that does not exist, a digit where none may be, a path of no length.
    ["0x40", text("coin")],
    ["0x01", "0x0203"],
    ["0x05", keccak256(a)],
    ["0x00", keccak256(a)],
    // Children that are neither a hash nor a node.
    branch({ 6: text("coin") }),
    ["0x16", text("coin")],
    // A list where a value should be.
    ["0x20646f67", [text("coin")]],
  ];
  for (const node of malformed) {
    const bytes = encode(node);
    expect(() => proveValue(keccak256(bytes), text("dog"), [bytes]), bytes).toThrow(
      expect.objectContaining({ code: "CHAIN_UNPROVEN" }),
    );
  }
  const noList = toRlp(text("dog"));
  expect(() => proveValue(keccak256(noList), text("dog"), [noList])).toThrow();
  expect(() => proveValue(keccak256("0xc3"), text("dog"), ["0xc3"])).toThrow();
});
