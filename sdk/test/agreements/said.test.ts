import { keccak256, toHex } from "viem";
import { expect, test } from "vitest";
import { foldAgreement, roleOf } from "../../src/agreements/inChat/said.ts";
import { draftToJson, parseDraft } from "../../src/agreements/parseDraft.ts";
import type { StoredStep } from "../../src/conversation/content/agreement.ts";
import type { HistoryMessage } from "../../src/conversation/content/types.ts";
import type { AgreementDraft } from "../../src/types/agreements.ts";
import type { Address, MessageId, PublicId } from "../../src/types/primitives.ts";
import { hire, partyOf } from "../support/agreements.ts";

const id = (n: number): MessageId => n.toString(16).padStart(32, "0");
const base = parseDraft(hire());
const [alice, bob] = base.parties.map(({ publicId }) => publicId) as [PublicId, PublicId];
const mallory: PublicId = `0x${"e".repeat(64)}`;
const zero: Address = `0x${"0".repeat(40)}`;
let salt = 0;
const other = (values: Record<string, string> = {}, over: Partial<AgreementDraft> = {}): AgreementDraft =>
  parseDraft({ ...base, ...over, values: { ...base.values, ...values }, salt: keccak256(toHex(++salt)) });

const said = (n: number, from: PublicId, step: StoredStep, at = n): HistoryMessage => ({
  ...{ id: id(n), number: n, from, outgoing: false, at, delivery: "delivered" },
  body: { type: "agreement", step },
});
const propose = (n: number, from = alice, draft = base) =>
  said(n, from, { did: "proposed", draft: draftToJson(draft) });
const change = (n: number, before: number, from = bob, draft = other({ job: `Job ${n}` }), at = n) =>
  said(n, from, { did: "changed", of: id(1), before: id(before), draft: draftToJson(draft) }, at);
const sign = (n: number, version: number, from: PublicId, wallet?: Address) => {
  const own = base.parties.find(({ publicId }) => publicId === from)?.wallet as Address;
  return said(n, from, { did: "signed", of: id(1), version: id(version), wallet: wallet ?? own, signature: "0x12" });
};

/** All orders of a few. */
function* orders<T>(items: readonly T[]): Generator<T[]> {
  if (items.length < 2) return yield [...items];
  for (const [index, item] of items.entries()) {
    for (const rest of orders([...items.slice(0, index), ...items.slice(index + 1)])) yield [item, ...rest];
  }
}

test("a negotiation comes to the same on every device, whatever order its messages come in", () => {
  const messages = [
    propose(1),
    change(2, 1),
    change(3, 2, alice),
    sign(4, 2, bob),
    sign(5, 3, alice),
    said(6, mallory, { did: "declined", of: id(1), note: "no" }),
  ];
  const results = [...orders(messages)].map((order) => foldAgreement(id(1), order));
  expect(results).toHaveLength(720);
  for (const result of results) expect(result).toEqual(results[0]);
  const [first] = results;
  expect(first?.versions.map(({ id: version, number, from }) => [version, number, from])).toEqual([
    [id(1), 1, alice],
    [id(2), 2, bob],
    [id(3), 3, alice],
  ]);
  expect(first?.newest.id).toBe(id(3));
  expect(first?.versions[1]?.changes).toEqual([{ what: "value", field: "job", before: "A logo", after: "Job 2" }]);
  // Each counts for the version it names, and for no other.
  expect(first?.signed.map(({ version, party }) => [version.id, party.publicId])).toEqual([
    [id(2), bob],
    [id(3), alice],
  ]);
  expect(first?.declined).toBeUndefined();
});

test("two changes at once: the later one is the newest, for everybody", () => {
  const both = [propose(1), change(2, 1, alice, undefined, 20), change(3, 1, bob, undefined, 10)];
  expect(foldAgreement(id(1), both)?.newest.id).toBe(id(2));
  // The one that goes on from either is longer, and wins.
  expect(foldAgreement(id(1), [...both, change(4, 3, alice)])?.newest.id).toBe(id(4));
});

test("what is not a party's word, or makes another agreement of it, changes nothing", () => {
  const lies = [
    change(2, 1, mallory),
    change(3, 9),
    change(4, 1, bob, other({}, { parties: [partyOf("client", "eve", 3), ...base.parties.slice(1)] })),
    change(5, 1, bob, base),
    sign(6, 1, mallory, base.parties[0]?.wallet),
    sign(7, 1, alice, base.parties[1]?.wallet),
    sign(8, 9, alice),
    said(9, bob, { did: "concluded", of: id(1), version: id(9) }),
  ];
  const alone = foldAgreement(id(1), [propose(1)]);
  const found = foldAgreement(id(1), [propose(1), ...lies]);
  // Saying it again is another name for the same text.
  expect([...(found?.texts ?? [])]).toEqual([id(1), id(5)].map((name) => [name, alone?.newest]));
  expect({ ...found, texts: alone?.texts }).toEqual(alone);
  expect(foldAgreement(id(1), [propose(1, mallory)])).toBeUndefined();
  expect(foldAgreement(id(1), [change(2, 1)])).toBeUndefined();
});

test("a party ends it; the first word of that counts", () => {
  const messages = [
    propose(1),
    said(3, bob, { did: "declined", of: id(1), note: "later" }),
    said(2, alice, { did: "declined", of: id(1), note: "too much" }),
  ];
  expect(foldAgreement(id(1), messages)?.declined).toEqual({ from: alice, note: "too much" });
});

test("a chain of changes without end ends", () => {
  const many = Array.from({ length: 80 }, (_, index) => change(index + 2, index + 1));
  expect(foldAgreement(id(1), [propose(1), ...many])?.newest.number).toBe(65);
});

test("a text that was there before is no other version, whoever says it again and whenever they claim to", () => {
  const second = other({ job: "A sign" });
  const messages = [propose(1), change(2, 1, bob, second), change(3, 2, bob, other()), sign(4, 2, alice)];
  const late = foldAgreement(id(1), [...messages, change(5, 3, alice, second), sign(6, 5, bob)]);
  expect(late?.versions.map(({ id: version }) => version)).toEqual([id(1), id(2), id(3)]);
  // A signature holds for the text, whichever message of it is named.
  expect(late?.signed.map(({ version, party }) => [version.id, party.publicId])).toEqual([
    [id(2), alice],
    [id(2), bob],
  ]);
  const early = foldAgreement(id(1), [...messages, change(5, 1, alice, second, 0)]);
  expect(early?.versions.map(({ draft }) => draft.values.job)).toEqual(["A logo", "A sign", "A logo"]);
  expect(early?.texts.get(id(2))?.draft).toEqual(second);
  expect(early?.signed.map(({ version }) => version.draft)).toEqual([second]);
});

test("no other text with the same salt takes the place of one that was signed", () => {
  const agreed = other({ job: "A sign" });
  const trap = parseDraft({ ...agreed, values: { ...base.values, job: "A seal" } });
  const messages = [propose(1), change(2, 1, alice, agreed, 20), sign(3, 2, bob), change(4, 1, bob, trap, 10)];
  for (const order of orders(messages)) {
    const found = foldAgreement(id(1), order);
    expect(found?.texts.get(id(2))?.draft).toEqual(agreed);
    expect(found?.signed.map(({ version }) => version.draft)).toEqual([agreed]);
  }
});

test("changes that claim to be older crowd out nothing that the other side signed", () => {
  const flood = Array.from({ length: 80 }, (_, n) => change(n + 10, 1, bob, undefined, -1000 + n));
  const found = foldAgreement(id(1), [propose(1), change(2, 1), change(3, 2), sign(4, 3, alice), ...flood]);
  expect(found?.signed.map(({ version }) => version.id)).toEqual([id(3)]);
  expect(found?.versions).toHaveLength(1 + 2 + 64);
  // One's own signature makes nothing last, nor a stranger's.
  expect(foldAgreement(id(1), [propose(1), change(2, 1), sign(4, 2, mallory, zero), ...flood])?.texts.has(id(2))).toBe(
    false,
  );
  expect(foldAgreement(id(1), [propose(1), change(2, 1), sign(4, 2, bob), ...flood])?.texts.has(id(2))).toBe(false);
});

test("of what somebody says again and again so much counts, and of a stranger nothing", () => {
  const many = <T>(count: number, make: (n: number) => T): T[] =>
    Array.from({ length: count }, (_, n) => make(n + 100));
  const act = { do: "accept", index: 0, amount: "1" } as const;
  const acted = (from: PublicId) => (n: number) =>
    said(n, from, { did: "acted", of: id(1), act, transaction: keccak256(toHex(n)) });
  const found = foldAgreement(id(1), [
    propose(1),
    ...many(600, acted(bob)),
    ...many(5, (n) => acted(alice)(n + 1000)),
    ...many(5, (n) => acted(mallory)(n + 2000)),
    ...many(300, (n) => sign(n + 3000, 1, bob)),
    sign(9000, 1, alice),
  ]);
  expect(found?.acts).toHaveLength(517);
  expect(found?.signed).toHaveLength(129);
  expect(found?.signed.at(-1)?.party.publicId).toBe(alice);
});

test("roles are the draft's", () => {
  const judged = { ...base, arbiter: partyOf("arbiter", "judy", 3) };
  expect(roleOf(judged, alice)).toBe("client");
  expect(roleOf(judged, judged.arbiter.publicId)).toBe("arbiter");
  expect(roleOf(judged, mallory)).toBeUndefined();
});

test("a change that this program cannot read is no version here, and the agreement stays", () => {
  const strange = draftToJson(other()).replace("freelance", "slavery");
  const unread = said(2, bob, { did: "changed", of: id(1), before: id(1), draft: strange });
  expect(foldAgreement(id(1), [propose(1), unread])?.versions.map(({ id: version }) => version)).toEqual([id(1)]);
});
