import { expect, test } from "vitest";
import { agreementIdOf, termsOf } from "../../src/agreements/termsOf.ts";
import { applicationNote, applicationOf } from "../../src/jobs/applyToJob.ts";
import { listingBytes, parseListing, readListing } from "../../src/jobs/listing.ts";
import { makeOffer, offerOf, offerToText, saltFor } from "../../src/jobs/offers.ts";
import type { Job } from "../../src/types/jobs.ts";
import type { Hex } from "../../src/types/primitives.ts";
import { inDays, workRules } from "../support/agreements.ts";
import { contractsAt } from "../support/contracts.ts";
import { listing, person } from "../support/jobs.ts";

const job = (): Job => ({
  ...{ id: 7n, state: "open", poster: person(1, "ann"), postedAt: 1, applyBy: inDays(30) },
  ...{ listingHash: `0x${"11".repeat(32)}`, listing: listing() },
});
const offer = () =>
  makeOffer(job(), { client: person(1, "ann"), freelancer: person(2, "ben"), rules: workRules, signBy: inDays(5) });

test("a listing survives its bytes, cleaned once and for all", () => {
  const typed = { ...listing(), title: "  A   logo\u202e ", skills: ["SVG ", "Design"] };
  const cleaned = parseListing(typed);
  expect(cleaned).toMatchObject({ title: "A logo", skills: ["SVG", "Design"] });
  expect(readListing(listingBytes(parseListing(typed)))).toEqual(cleaned);
  expect(listingBytes(cleaned)).toEqual(listingBytes(parseListing(cleaned)));
});

test.each([
  ["title", { title: " \u200b " }],
  ["title", { title: "x".repeat(500) }],
  ["requirements", { requirements: "x".repeat(4001) }],
  ["deliverables", { deliverables: "" }],
  ["rights", { rights: "all" }],
  ["poster", { poster: "0x12" }],
  ["skills", { skills: Array(9).fill("a") }],
  ["milestones", { milestones: [] }],
  ["milestones", { milestones: Array(33).fill({ title: "a", amount: 1n, days: 1 }) }],
  ["milestones", { milestones: Array(2).fill({ title: "a", amount: 2n ** 127n, days: 1 }) }],
  ["milestones.0.amount", { milestones: [{ title: "a", amount: 0n, days: 1 }] }],
  ["milestones.0.amount", { milestones: [{ title: "a", amount: "1e9", days: 1 }] }],
  ["milestones.0.days", { milestones: [{ title: "a", amount: 1n, days: 1.5 }] }],
  ["asset.symbol", { asset: { ...listing().asset, symbol: "\u202eMKS" } }],
  ["asset.chainId", { asset: { ...listing().asset, chainId: 5 } }],
])("a listing with a wrong %s is refused", (field, wrong) => {
  expect(() => parseListing({ ...listing(), ...wrong })).toThrow(
    expect.objectContaining({ code: "JOB_INVALID", details: field }),
  );
});

test("what relays hand over is no listing unless it is one", () => {
  for (const bytes of [[], [0xff, 0xfe], [...new TextEncoder().encode("null")], [...new TextEncoder().encode("[1]")]]) {
    expect(() => readListing(new Uint8Array(bytes))).toThrow(expect.objectContaining({ code: "JOB_INVALID" }));
  }
});

test("4,000 Chinese characters fit; the whole stays within what relays take", () => {
  const long = { ...listing(), requirements: "字".repeat(4000), deliverables: "字".repeat(2000) };
  expect(listingBytes(parseListing(long)).length).toBeLessThan(32 * 1024);
});

test("an offer is the listing's, tied to its job by the salt, and survives the conversation", () => {
  const made = offer();
  expect(made.draft).toMatchObject({ template: "freelance", values: { job: "A logo", rights: "transfer" } });
  expect(made.draft.money?.milestones.map(({ amount }) => amount)).toEqual([10n ** 18n, 2n * 10n ** 18n]);
  expect(made.draft.salt).toBe(saltFor(7n, made.secret));
  expect(made.draft.salt).not.toBe(offer().draft.salt);
  const wallet = made.draft.parties[0]?.wallet as Hex;
  const signed = { ...made, signatures: new Map([[wallet, "0xabcd" as Hex]]) };
  const text = offerToText(signed, "An offer\nfor you");
  expect(text.split("\n")[0]).toBe("An offer for you");
  expect(offerOf(text)).toEqual(signed);
  const network = { chainId: 31_337, name: "test", contracts: contractsAt(`0x${"5c".repeat(20)}`) };
  const read = offerOf(text);
  expect(read && agreementIdOf(termsOf(read.draft), network)).toBe(agreementIdOf(termsOf(made.draft), network));
});

test("an offer of another job, or a broken one, is refused; any other text is none", () => {
  const text = offerToText(offer(), "An offer");
  expect(() => offerOf(text.replace('"jobId":"7"', '"jobId":"8"'))).toThrow(
    expect.objectContaining({ code: "JOB_OFFER_INVALID" }),
  );
  expect(() => offerOf(text.slice(0, -20))).toThrow(expect.objectContaining({ code: "JOB_OFFER_INVALID" }));
  expect(() => offerOf(text.replace(/"amount":"\d+"/, '"amount":"-1"'))).toThrow(
    expect.objectContaining({ code: "JOB_OFFER_INVALID" }),
  );
  for (const other of ["", "hello", '{"kind":"other"}', 'two\n{"kind":1}']) expect(offerOf(other)).toBeUndefined();
});

test("an application names its job in words", () => {
  expect(applicationNote(7n, " I can do that. ")).toBe("#7 I can do that.");
  expect(applicationOf("#7 I can\ndo that.")).toEqual({ jobId: 7n, note: "I can\ndo that." });
  for (const other of ["#0 a", "7 a", "#7", "#99999999999999999999 a", "x #7 a"])
    expect(applicationOf(other)).toBeUndefined();
});
