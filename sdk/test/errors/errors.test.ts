import { expect, test } from "vitest";
import { asSkrumbleError, codeOf, errorCodes, SkrumbleError } from "../../src/errors/index.ts";

test("every code has a category, a message and a way out, and the table is sorted", () => {
  const codes = Object.keys(errorCodes);
  expect(codes).toEqual(codes.toSorted());
  for (const { message, help } of Object.values(errorCodes)) {
    expect(message).toMatch(/\.$/);
    expect(help).toMatch(/\.$/);
  }
});

test("walk goes down the causes", () => {
  const root = new Error("root");
  const middle = new Error("middle", { cause: root });
  const error = new SkrumbleError("CHAIN_REJECTED", { cause: middle, details: "Why." });
  expect(error.walk()).toBe(root);
  expect(error.walk((one) => one === middle)).toBe(middle);
  expect(error.walk((one) => one instanceof TypeError)).toBeUndefined();
  expect(error.message).toContain("Why.");
  expect(new SkrumbleError("ABORTED").walk()).toBeInstanceOf(SkrumbleError);
});

test("a circle of causes ends", () => {
  const one = new Error("one");
  one.cause = new Error("two", { cause: one });
  expect(new SkrumbleError("UNEXPECTED", { cause: one }).walk(() => false)).toBeUndefined();
});

test("foreign errors become UNEXPECTED, ours stay", () => {
  const ours = new SkrumbleError("NAME_TAKEN");
  expect(asSkrumbleError(ours)).toBe(ours);
  expect(asSkrumbleError(new Error("x")).code).toBe("UNEXPECTED");
  expect(codeOf(ours)).toBe("NAME_TAKEN");
  expect(codeOf("text")).toBe("UNEXPECTED");
});
