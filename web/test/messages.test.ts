import { describe, expect, test } from "vitest";
import { errorCodes } from "../../sdk/src/errors/codes.ts";
import enFirst from "../messages/en.json" with { type: "json" };
import enLate from "../messages/late/en.json" with { type: "json" };
import zhLate from "../messages/late/zh-CN.json" with { type: "json" };
import zhFirst from "../messages/zh-CN.json" with { type: "json" };

type Tree = { [key: string]: string | Tree };

const en = { ...enFirst, ...enLate };
const zh = { ...zhFirst, ...zhLate };
const languages: Record<string, Tree> = { en, "zh-CN": zh };

function flat(tree: Tree, prefix = ""): Map<string, string> {
  return new Map(
    Object.entries(tree).flatMap(([key, value]): [string, string][] =>
      typeof value === "string" ? [[prefix + key, value]] : [...flat(value, `${prefix}${key}.`)],
    ),
  );
}

/** Names of the values a sentence takes, without the words inside plural forms. */
function values(sentence: string): string[] {
  return [...new Set([...sentence.matchAll(/\{(\w+)[,}]/g)].map(([, name]) => name ?? ""))].sort();
}

describe("messages", () => {
  test("both languages have the same keys", () => {
    expect([...flat(zh).keys()].sort()).toEqual([...flat(en).keys()].sort());
  });

  test("what comes late adds to what is there", () => {
    expect(Object.keys(enFirst).filter((part) => part in enLate)).toEqual([]);
  });

  test("both languages take the same values", () => {
    const chinese = flat(zh);
    for (const [key, sentence] of flat(en)) expect(values(chinese.get(key) ?? ""), key).toEqual(values(sentence));
  });

  test.each(Object.keys(languages))("%s has a sentence for every error code", (language) => {
    expect(Object.keys(languages[language]?.errors ?? {}).sort()).toEqual(Object.keys(errorCodes).sort());
  });

  test.each(Object.keys(languages))("no sentence of %s is empty or says the code", (language) => {
    for (const [key, sentence] of flat(languages[language] ?? {})) {
      expect(sentence.trim(), key).not.toBe("");
      expect(sentence, key).not.toMatch(/[A-Z]+_[A-Z]+/);
    }
  });

  test("machinery is not mentioned outside Details", () => {
    const english = /\b(gas|hash|nonce|rpc|transaction|payload|ciphertext|mls|turn server)\b/i;
    const chinese = /(哈希|随机数种子|手续费|交易|载荷)/;
    for (const [key, sentence] of [...flat(en), ...flat(zh)]) {
      if (key === "trust.transaction") continue; // label of a row that is folded under Details
      expect(sentence, key).not.toMatch(english);
      expect(sentence, key).not.toMatch(chinese);
    }
  });

  test("Chinese is written in Chinese, with Chinese punctuation", () => {
    const names = /^(SKM|Skrumble|\{name\}(：\{text\})?)$/;
    for (const [key, sentence] of flat(zh)) {
      if (!names.test(sentence)) expect(sentence, key).toMatch(/\p{Script=Han}/u);
      expect(sentence, key).not.toMatch(/\p{Script=Han}[,;!?]/u);
    }
  });
});
