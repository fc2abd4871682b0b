import { expect, test } from "vitest";
import { compareDrafts } from "../../src/agreements/compareDrafts.ts";
import { draftToJson, parseDraft } from "../../src/agreements/parseDraft.ts";
import type { AgreementDraft, AgreementMoney } from "../../src/types/agreements.ts";
import { hire, partyOf, promise, sale, workRules } from "../support/agreements.ts";

const money = (over: Partial<AgreementMoney>): AgreementDraft => ({
  ...hire(),
  money: { ...(hire().money as AgreementMoney), ...over },
});
const first = (over: object) => {
  const [one, ...rest] = (hire().money as AgreementMoney).milestones;
  return money({ milestones: [{ ...one, ...over } as never, ...rest] });
};
const rules = (over: object) => money({ rules: { ...workRules, ...over } });
const arbiter = partyOf("arbiter", "judy", 9);

test.each<[string, unknown, string]>([
  ["nothing", undefined, ""],
  ["somebody missing", { ...hire(), parties: hire().parties.slice(1) }, "parties"],
  ["payer and payee swapped", { ...hire(), parties: hire().parties.toReversed() }, "parties"],
  [
    "one wallet twice",
    { ...hire(), parties: hire().parties.map((one) => ({ ...one, wallet: arbiter.wallet })) },
    "parties",
  ],
  ["a party as arbiter", { ...hire(), arbiter: { ...hire().parties[0], role: "arbiter" } }, "parties"],
  [
    "a name that looks like another",
    { ...hire(), parties: [partyOf("client", "Alice ", 1), hire().parties[1]] },
    "parties.0.pseudonym",
  ],
  ["a field left out", { ...hire(), values: { ...hire().values, job: " \u2800 " } }, "values.job"],
  ["a field that is none", { ...hire(), values: { ...hire().values, gift: "1" } }, "values.gift"],
  [
    "a field too long",
    { ...hire(), values: { ...hire().values, deliverables: "x".repeat(2_001) } },
    "values.deliverables",
  ],
  ["an option that is none", { ...hire(), values: { ...hire().values, rights: "mine" } }, "values.rights"],
  ["something besides", { ...hire(), gift: 1 }, ""],
  ["no money", { ...hire(), money: undefined }, "money"],
  ["money in a promise", { ...promise(), money: hire().money }, "money"],
  ["an arbiter in a promise", { ...promise(), arbiter }, "arbiter"],
  ["nothing to pay", money({ milestones: [] }), "money.milestones"],
  [
    "33 milestones",
    money({ milestones: Array.from({ length: 33 }, () => hire().money?.milestones[0] as never) }),
    "money.milestones",
  ],
  ["an amount of nothing", first({ amount: 0n }), "money.milestones.0.amount"],
  ["a sum beyond 128 bits", first({ amount: 2n ** 128n - 1n }), "money.milestones"],
  ["due before it is signed", first({ due: hire().signBy }), "money.milestones.0.due"],
  ["due within a minute", first({ due: (hire().money?.milestones[0]?.due ?? 0) + 1 }), "money.milestones.0.due"],
  [
    "another chain's token",
    money({ asset: { ...(hire().money as AgreementMoney).asset, chainId: 1 } }),
    "money.asset.chainId",
  ],
  [
    "a symbol with a line break",
    money({ asset: { ...(hire().money as AgreementMoney).asset, symbol: "SKM\nx" } }),
    "money.asset.symbol",
  ],
  ["silence left open", rules({ onNoReview: undefined }), "money.rules.onNoReview"],
  ["an arbiter asked who is not there", rules({ onNoReview: "arbiter" }), "money.rules.onNoReview"],
  ["waiting for an arbiter who is not there", rules({ onRejection: "wait" }), "money.rules.onRejection"],
  ["an arbiter without time", { ...hire(), arbiter }, "money.rules.rulingTime"],
  ["a time for no arbiter", rules({ rulingTime: 7_200 }), "money.rules.rulingTime"],
  ["half an hour", rules({ reviewTime: 1_800 }), "money.rules.reviewTime"],
  ["an hour and a second", rules({ reviewTime: 3_601 }), "money.rules.reviewTime"],
  ["a share without effect", rules({ onRejection: "refund" }), "money.rules.fallbackShare"],
  ["more than all", rules({ fallbackShare: 10_001 }), "money.rules.fallbackShare"],
  ["work that retains", rules({ retainedShare: 1 }), "money.rules.retainedShare"],
])("refused, with the field: %s", (_, draft, field) => {
  const details = field === "" ? expect.any(String) : field;
  expect(() => parseDraft(draft)).toThrow(expect.objectContaining({ code: "AGREEMENT_INVALID", details }));
});

test("a template or version of another program is named as such", () => {
  const unknown = expect.objectContaining({ code: "AGREEMENT_TEMPLATE_UNKNOWN" });
  expect(() => parseDraft({ ...hire(), template: "marriage" })).toThrow(unknown);
  expect(() => parseDraft({ ...hire(), version: 2 })).toThrow(unknown);
});

test("wallets in any case are one, and blank optional fields are none", () => {
  const draft = hire();
  const upper = { ...draft.parties[0], wallet: `0x${draft.parties[0]?.wallet.slice(2).toUpperCase()}` };
  const parsed = parseDraft({
    ...draft,
    parties: [upper, draft.parties[1]],
    values: { ...draft.values, revisions: " " },
  });
  expect(parsed.parties).toEqual(draft.parties);
  expect(parsed.values).toEqual(draft.values);
});

test("the same text is written the same way, in whatever order its fields come", () => {
  const draft = hire();
  const values = Object.fromEntries(Object.entries(draft.values).toReversed());
  expect(draftToJson(parseDraft({ ...draft, values }))).toBe(draftToJson(parseDraft(draft)));
});

test("other decimals are a change, other people another agreement", () => {
  const before = parseDraft(hire());
  const held = before.money as AgreementMoney;
  const after = parseDraft({ ...before, money: { ...held, asset: { ...held.asset, decimals: 20 } } });
  const { token } = held.asset;
  expect(compareDrafts(before, after)).toEqual([
    { what: "asset", before: `SKM ${token} 18`, after: `SKM ${token} 20` },
  ]);
  const [client, worker] = before.parties;
  const swapped = { ...before, parties: [client, { ...worker, wallet: arbiter.wallet }] } as AgreementDraft;
  const invalid = (details: string) => expect.objectContaining({ code: "AGREEMENT_INVALID", details });
  expect(() => compareDrafts(before, swapped)).toThrow(invalid("parties"));
  expect(() => compareDrafts(before, { ...before, chainId: 1 })).toThrow(invalid("chainId"));
});

test("what was parsed stays as it is when it is parsed again", () => {
  const tricks = ["e\u202a\u0301", "\u0065\u0301 \u1112\u1161\u11ab", "a\r\n\u2028b\u0323\u0307", "\ud800x"];
  for (const trick of tricks) {
    const once = parseDraft(hire({ values: { ...hire().values, requirements: `${trick}!` } }));
    expect(parseDraft(JSON.parse(draftToJson(once)))).toEqual(once);
  }
});

test("the other side sees every change and nothing else", () => {
  const before = parseDraft(hire());
  expect(compareDrafts(before, parseDraft(before))).toEqual([]);
  const held = before.money as AgreementMoney;
  const [one, two] = held.milestones as [(typeof held.milestones)[0], (typeof held.milestones)[0]];
  const after = parseDraft({
    ...before,
    arbiter,
    signBy: before.signBy - 60,
    values: { ...before.values, job: "A sign", revisions: "two" },
    money: {
      ...held,
      milestones: [one, { ...two, amount: 5n }],
      rules: { ...held.rules, onNoReview: "arbiter", rulingTime: 86_400 },
    },
  });
  expect(compareDrafts(before, after)).toEqual([
    { what: "value", field: "job", before: "A logo", after: "A sign" },
    { what: "value", field: "revisions", before: "", after: "two" },
    { what: "arbiter", before: "", after: `judy ${arbiter.wallet} ${arbiter.publicId}` },
    { what: "milestone", index: 1, before: two, after: { ...two, amount: 5n } },
    { what: "milestone", index: 2, before: held.milestones[2] },
    { what: "rule", rule: "onNoReview", before: "release", after: "arbiter" },
    { what: "rule", rule: "rulingTime", after: 86_400 },
    { what: "signBy", before: `${before.signBy}`, after: `${before.signBy - 60}` },
  ]);
  expect(compareDrafts(parseDraft(sale()), parseDraft({ ...sale(), language: "en" }))).toContainEqual({
    what: "language",
    before: "zh-CN",
    after: "en",
  });
});
