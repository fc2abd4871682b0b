import { expect, test } from "vitest";
import { toHex } from "../../src/crypto/bytes.ts";
import { formatLink, parseLink } from "../../src/identity/link.ts";

const publicId = toHex(new Uint8Array(32).fill(0xfb));

test("a link says who, behind the #", () => {
  const link = formatLink("https://relay.example/", { pseudonym: "王小明", publicId });
  expect(new URL(link).pathname).toBe("/");
  expect(parseLink(link)).toEqual({ pseudonym: "王小明", publicId });
});

test("any origin will do, and what is no link is none", () => {
  expect(parseLink(formatLink("http://localhost:7101", { pseudonym: "bob", publicId }))).toEqual({
    pseudonym: "bob",
    publicId,
  });
  expect(parseLink("bob")).toBeUndefined();
});

test.each([
  "https://x/#/add/",
  "https://x/#/add/bob",
  "https://x/#/add/bob~",
  "https://x/#/add/bob~AAAA",
  "https://x/#/add/~-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_s",
  "https://x/#/add/Bob~-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_s",
  "https://x/#/add/%E0%A4%A~-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_s",
  "https://x/#/add/bob~!!!",
])("%s is damaged", (link) => {
  expect(() => parseLink(link)).toThrowError(expect.objectContaining({ code: "LINK_INVALID" }));
});
