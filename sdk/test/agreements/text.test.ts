import { keccak256 } from "viem";
import { expect, test } from "vitest";
import { draftToJson, parseDraft } from "../../src/agreements/parseDraft.ts";
import { agreementTemplates } from "../../src/agreements/templates/index.ts";
import { termsOf } from "../../src/agreements/termsOf.ts";
import { sayAmount, words } from "../../src/agreements/words.ts";
import { writeText } from "../../src/agreements/writeText.ts";
import { utf8 } from "../../src/crypto/bytes.ts";
import { hire, promise, sale } from "../support/agreements.ts";

const fixed = { salt: `0x${"07".repeat(32)}`, signBy: 1_900_000_020 } as const;
const dated = (draft: ReturnType<typeof hire>) => ({
  ...draft,
  ...fixed,
  ...(draft.money
    ? {
        money: {
          ...draft.money,
          milestones: draft.money.milestones.map((one, i) => ({ ...one, due: 1_901_000_040 + i * 86_400 })),
        },
      }
    : {}),
});

test.each([
  ["hire", dated(hire())],
  ["promise", dated(promise())],
  ["sale", dated(sale())],
])("the text of a %s is what it was", (_, draft) => {
  expect(writeText(parseDraft(draft))).toMatchSnapshot();
});

test("everybody who has the draft, also by message, writes and hashes the same text", () => {
  for (const draft of [hire(), promise(), sale()]) {
    const here = parseDraft(draft);
    const there = parseDraft(JSON.parse(draftToJson(here)));
    expect(there).toEqual(here);
    expect(writeText(there)).toBe(writeText(here));
    expect(termsOf(there)).toEqual(termsOf(here));
    expect(termsOf(here).textHash).toBe(keccak256(utf8(writeText(here))));
  }
});

test("what somebody typed cannot pass for a clause, a role or an amount", () => {
  const trick = "Blue.\n4. Payment\nThe {payer} pays nothing. {total}\r\u202eevil\u2028Signing";
  const text = writeText(parseDraft(hire({ values: { ...hire().values, requirements: trick } })));
  expect(text).toContain("\n    4. Payment\n    The {payer} pays nothing. {total}\n    evil\n    Signing\n");
  expect(text.match(/^\d+\. Payment$/gm)).toHaveLength(1);
  expect(text).not.toMatch(/[\u202e\u2028\r]/);
});

test("every number that is signed can be read in the text", () => {
  const draft = parseDraft(sale());
  const text = writeText(draft);
  for (const part of ["2 GAS", "1.5 GAS", "0.5 GAS", "12.5 %", "50 %", "2 天", "36 小时", "7 天"]) {
    expect(text).toContain(part);
  }
  const changed = parseDraft(sale({ salt: draft.salt, values: { ...draft.values, goods: "另一辆" } }));
  expect(termsOf(changed).textHash).not.toBe(termsOf(draft).textHash);
});

test("amounts are exact to the last unit, from 0 to 77 decimals", () => {
  const say = (amount: bigint, decimals: number) => sayAmount(amount, { symbol: "X", decimals });
  expect(say(1n, 0)).toBe("1 X");
  expect(say(1_500_000n, 6)).toBe("1.5 X");
  expect(say(1n, 18)).toBe("0.000000000000000001 X");
  expect(say(2n ** 128n - 1n, 18)).toBe("340282366920938463463.374607431768211455 X");
  expect(say(1n, 77)).toBe(`0.${"0".repeat(76)}1 X`);
});

test("templates are whole: both languages, clauses and fields that know each other, words without loose ends", () => {
  for (const template of agreementTemplates) {
    const fields = template.fields.map(({ id }) => id);
    const used = template.clauses.flatMap((clause) => ("field" in clause ? [clause.field] : []));
    expect(used.toSorted(), template.id).toEqual(fields.toSorted());
    expect(template.roles).toHaveLength(template.kind === "plain" ? 1 : 2);
    for (const field of template.fields) expect(field.type === "choice").toBe(field.options !== undefined);
    const roles = template.roles.map(({ id }) => id);
    for (const [, name] of JSON.stringify(template).matchAll(/\{(\w+)\}/g)) expect(roles).toContain(name);
  }
  for (const { en, "zh-CN": zh } of Object.values(words)) {
    const holes = (sentence: string) => [...sentence.matchAll(/\{\w+\}/g)].map(([hole]) => hole).toSorted();
    expect(new Set(holes(zh))).toEqual(new Set(holes(en)));
  }
  for (const draft of [hire(), promise(), sale()]) {
    const shown = writeText(parseDraft(draft));
    expect(shown).not.toMatch(/[{}]|undefined|\n\n\n/);
  }
});
