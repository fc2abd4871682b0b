import { expect, test } from "vitest";
import manifest from "../package.json" with { type: "json" };
import { safetyNumber } from "../src/contacts/safetyNumber.ts";
import { toHex } from "../src/crypto/bytes.ts";

/** The public surface. A change here is a change for everybody who builds on the SDK. */
test.each(Object.entries(manifest.exports).filter(([entry]) => !entry.includes("worker")))(
  "%s exports what it did",
  async (entry, path) => {
    const module = await import(`../${path.slice(2)}`);
    expect(Object.keys(module).toSorted()).toMatchSnapshot(entry);
  },
);

test("a safety number is the same from both sides: twelve groups of five digits", () => {
  const [one, other] = [toHex(new Uint8Array(32).fill(1)), toHex(new Uint8Array(32).fill(2))];
  expect(safetyNumber(one, other)).toBe(safetyNumber(other, one));
  expect(safetyNumber(one, other)).toMatchInlineSnapshot(
    `"03851 88000 28660 49114 91658 76846 61314 52992 72567 30954 52710 84962"`,
  );
  expect(safetyNumber(one, toHex(new Uint8Array(32).fill(3)))).not.toBe(safetyNumber(one, other));
});
