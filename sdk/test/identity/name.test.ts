import { describe, expect, test } from "vitest";
import { checkNameForm, isNormalName, normalizeName } from "../../src/identity/name.ts";

describe("pseudonyms (ENSIP-15)", () => {
  test.each([
    ["Alice", "alice"],
    ["  bob ", "bob"],
    ["王小明", "王小明"],
    ["ΑΛΦΑ", "αλφα"],
    ["rocket🚀", "rocket🚀"],
    ["a-b-c", "a-b-c"],
    ["１２３", "123"],
    ["zero\u200bwidth", "zerowidth"],
  ])("%s becomes %s", (typed, normal) => {
    expect(normalizeName(typed)).toBe(normal);
    expect(isNormalName(normal)).toBe(true);
  });

  test.each([
    ["", "empty"],
    ["   ", "empty"],
    ["ab", "too-short"],
    ["a".repeat(65), "too-long"],
    ["王".repeat(22), "too-long"],
    ["x".repeat(100_000), "too-long"],
    ["two words", "forbidden-character"],
    ["a.b.c", "forbidden-character"],
    ["new\nline", "forbidden-character"],
    ["sla/sh", "forbidden-character"],
    ["at@home", "forbidden-character"],
    ["right\u202eleft", "forbidden-character"],
    // Cyrillic a among Latin letters, and a whole word that looks Latin.
    ["p\u0430ypal", "look-alike"],
    ["\u0441\u043e\u0441\u043e\u0430", "look-alike"],
  ])("%j is refused: %s", (typed, problem) => {
    expect(checkNameForm(typed)).toEqual({ problem });
    expect(() => normalizeName(typed)).toThrowError(expect.objectContaining({ name: "SkrumbleError" }));
  });

  test("a name that is not its own normal form does not count", () => {
    for (const name of ["Alice", "alice ", "p\u0430ypal", "１２３"]) expect(isNormalName(name)).toBe(false);
  });
});
