import { describe, expect, test } from "vitest";
import { draftToJson, parseDraft } from "../../src/agreements/parseDraft.ts";
import { shownAgreement, storedAgreement } from "../../src/conversation/content/agreement.ts";
import { agreementOps } from "../../src/conversation/content/agreementIndex.ts";
import { contentSchema } from "../../src/conversation/content/schema.ts";
import type { HistoryMessage } from "../../src/conversation/content/types.ts";
import { itemSchema } from "../../src/devices/items.ts";
import { hire } from "../support/agreements.ts";

const id = (digit: string) => digit.repeat(32);
const hash = `0x${"7".repeat(64)}` as const;
const draft = draftToJson(parseDraft(hire()));
const of = id("a");
const acted = (act: object) => ({ did: "acted", of, act, transaction: hash });
const text = "Here is the draft.";

const good: Record<string, object> = {
  proposal: { did: "proposed", draft },
  change: { did: "changed", of, before: of, draft },
  signature: { did: "signed", of, version: of, wallet: `0x${"1".repeat(40)}`, signature: "0x1234" },
  "word that it is over": { did: "declined", of, note: "too expensive" },
  "word that it is on chain": { did: "concluded", of, version: of },
  payment: acted({ do: "fund", first: 0, count: 2 }),
  "handing in": acted({ do: "submit", index: 0, text, salt: hash }),
  release: acted({ do: "accept", index: 0, amount: "10" }),
  ruling: acted({ do: "rule", index: 1, toPayee: "0" }),
  delay: acted({ do: "extend", index: 1, due: 2_000_000_000 }),
  end: acted({ do: "cancel", toPayee: "5" }),
  settlement: acted({ do: "settle", index: 0 }),
};

test.each(Object.entries(good))("a %s travels, lies and is shown as it is", (_, step) => {
  const content = { kind: "agreement", step };
  expect(contentSchema.parse(content)).toEqual(content);
  const body = storedAgreement.parse({ type: "agreement", step });
  const message = { id: id("c"), number: 1, from: hash, outgoing: false, at: 1, delivery: "delivered", body };
  const item = { kind: "message", id: id("b"), message };
  expect(itemSchema.parse(item)).toEqual(item);
  expect(shownAgreement(id("c"), body)).toMatchObject({ agreement: "of" in step ? of : id("c") });
});

describe("what programs see", () => {
  test("is a draft and amounts as they are counted with, and no salt", () => {
    const shown = (step: object) => shownAgreement(of, storedAgreement.parse({ type: "agreement", step })).step;
    expect(shown(good.proposal as object)).toEqual({ did: "proposed", draft: parseDraft(JSON.parse(draft)) });
    expect(shown(good.release as object)).toMatchObject({ act: { do: "accept", index: 0, amount: 10n } });
    expect(shown(good["handing in"] as object)).toEqual(acted0());
  });
  const acted0 = () => ({ did: "acted", act: { do: "submit", index: 0, text }, transaction: hash });
});

test.each<[string, object]>([
  ["no draft", { did: "proposed", draft: "{}" }],
  ["a draft that is no JSON", { did: "proposed", draft: "hello" }],
  ["a draft of an unknown template", { did: "proposed", draft: draft.replace("freelance", "slavery") }],
  ["a draft without end", { did: "proposed", draft: `${draft}${" ".repeat(130_000)}` }],
  ["a change of nothing", { did: "changed", of, draft }],
  ["a signature that is none", { ...good.signature, signature: "0x" }],
  ["a signature without end", { ...good.signature, signature: `0x${"12".repeat(5000)}` }],
  ["an unknown step", { did: "burned", of }],
  ["an act without a transaction", { did: "acted", of, act: { do: "settle", index: 0 } }],
  ["an unknown act", acted({ do: "steal", index: 0 })],
  ["a milestone that cannot be", acted({ do: "settle", index: 32 })],
  ["words without a salt", acted({ do: "submit", index: 0, text })],
  ["no words", acted({ do: "reject", index: 0, text: " \u200b", salt: hash })],
  ["words without end", acted({ do: "dispute", index: 0, text: "x".repeat(4001), salt: hash })],
  ["an amount with a sign", acted({ do: "accept", index: 0, amount: "-1" })],
  ["an amount above all", acted({ do: "rule", index: 0, toPayee: "9".repeat(40) })],
])("%s is nothing about an agreement", (_, step) => {
  expect(contentSchema.safeParse({ kind: "agreement", step }).success).toBe(false);
});

test("a text that this program can no longer read is said to be one, and nothing else suffers for it", () => {
  const step = { did: "proposed", draft: draft.replace("freelance", "slavery") } as const;
  expect(shownAgreement(of, { type: "agreement", step })).toEqual({
    ...{ type: "agreement", agreement: of },
    step: { did: "unreadable", problem: { code: "AGREEMENT_TEMPLATE_UNKNOWN" } },
  });
  const message: HistoryMessage = {
    ...{ id: of, number: 1, from: hash, outgoing: false, at: 1, delivery: "delivered" },
    body: { type: "agreement", step },
  };
  expect(agreementOps("c", message)).toHaveLength(2);
});
