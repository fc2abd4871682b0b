import { expect, test } from "vitest";
import { fromBase64Url, randomBytes, toBase64Url } from "../../src/crypto/bytes.ts";

test("base64url is that of RFC 4648, section 5, for every length, and refuses anything else", () => {
  for (let length = 0; length < 200; length++) {
    const bytes = randomBytes(length);
    expect(toBase64Url(bytes)).toBe(Buffer.from(bytes).toString("base64url"));
    expect(fromBase64Url(toBase64Url(bytes))).toEqual(bytes);
  }
  for (const text of ["A", "AAAAA", "AA=", "A+AA", "A/AA", "A AA", "é", "AAé"]) {
    expect(() => fromBase64Url(text), text).toThrow(RangeError);
  }
});
