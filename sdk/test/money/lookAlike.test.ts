import { expect, test } from "vitest";
import { looksLike } from "../../src/contacts/lookAlike.ts";

test.each([
  ["alice", "a1ice"],
  ["modern", "modem"],
  ["josé", "jose"],
  ["coco", "сосо"],
  ["bob0", "bobo"],
  ["anna-maria", "annamaria"],
])("%s and %s look alike", (one, other) => {
  expect(looksLike(one, other)).toBe(true);
});

test.each([
  ["alice", "alicia"],
  ["bob", "rob"],
  ["小王", "小玉"],
])("%s and %s do not", (one, other) => {
  expect(looksLike(one, other)).toBe(false);
});
