import { expect, test } from "vitest";
import { concat, toHex } from "../../src/crypto/bytes.ts";
import { keccak256 } from "../../src/crypto/hash.ts";
import { deviceRoot, sortDevices } from "../../src/identity/deviceRoot.ts";

const device = (fill: number) => new Uint8Array(32).fill(fill);
const leaf = (fill: number) => keccak256(Uint8Array.of(0), device(fill));
const pair = (a: Uint8Array, b: Uint8Array) =>
  toHex(a) < toHex(b) ? keccak256(concat(a, b)) : keccak256(concat(b, a));

test("no device gives zero, one its leaf, three a tree whose odd leaf moves up", () => {
  expect(deviceRoot([])).toEqual(new Uint8Array(32));
  expect(deviceRoot([device(1)])).toEqual(leaf(1));
  expect(deviceRoot([device(1), device(2), device(3)])).toEqual(pair(pair(leaf(1), leaf(2)), leaf(3)));
});

test("wants ascending keys without repetition, and at most 64", () => {
  expect(() => deviceRoot([device(2), device(1)])).toThrowError(expect.objectContaining({ code: "INPUT_INVALID" }));
  expect(() => deviceRoot([device(1), device(1)])).toThrowError(expect.objectContaining({ code: "INPUT_INVALID" }));
  expect(sortDevices([device(2), device(1)])).toEqual([device(1), device(2)]);
  const many = Array.from({ length: 65 }, (_, i) => device(i));
  expect(() => deviceRoot(many)).toThrowError(expect.objectContaining({ code: "TOO_MANY_DEVICES" }));
});
