import { keccak256 } from "viem";
import { expect, test } from "vitest";
import { linkAt, newSecret } from "../../src/packets/hashChain.ts";

test("a link is the hash of the next one, and the last one is the secret", () => {
  const secret = newSecret();
  expect(linkAt(secret, 5, 5)).toBe(secret);
  for (let place = 5; place > 0; place--) {
    expect(linkAt(secret, 5, place - 1)).toBe(keccak256(linkAt(secret, 5, place)));
  }
  expect(newSecret()).not.toBe(secret);
});
