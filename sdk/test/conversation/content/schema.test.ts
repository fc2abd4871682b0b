import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { maxEmoji, normalEmoji } from "../../../src/conversation/content/emoji.ts";
import { contentSchema, maxAudio, maxCardImage, maxPreview } from "../../../src/conversation/content/schema.ts";
import { cleanLine, cleanText, isBlank } from "../../../src/conversation/content/text.ts";
import { id, lin, wei } from "./support.ts";

const parse = (value: unknown) => contentSchema.safeParse(value);
const parsed = (value: unknown) => contentSchema.parse(value);

describe("emoji", () => {
  test.each(["👍", "❤️", "👍🏽", "👨‍👩‍👧‍👦", "👩🏽‍❤️‍💋‍👨🏿", "🇨🇳", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "1️⃣", "☀️", "🏳️‍🌈"])("%s is one", (emoji) => {
    expect(normalEmoji(emoji)).toBe(emoji);
  });
  test("with and without its presentation character counts as the same", () => {
    expect(normalEmoji("❤")).toBe("❤️");
  });
  test.each([
    ["nothing", ""],
    ["a letter", "a"],
    ["a digit", "1"],
    ["a Chinese character", "好"],
    ["two emoji", "👍👍"],
    ["an emoji and a letter", "👍a"],
    ["a letter under a pile of marks", `a${"\u0301".repeat(20)}`],
    ["an emoji under a pile of marks", `👍${"\u0301".repeat(20)}`],
    ["a joiner that joins nothing", "👍\u200d"],
    ["a family of hundreds", Array(200).fill("👨").join("\u200d")],
    ["an override", "\u202e👍"],
    ["half a surrogate pair", "\ud83d"],
    ["half a flag", "🇨"],
    ["words in tag characters", `👍${"\u{e0061}".repeat(6)}`],
  ])("%s is none", (_, typed) => {
    expect(normalEmoji(typed)).toBeUndefined();
    expect(parse({ kind: "reaction", target: id(1), emoji: typed }).success).toBe(false);
  });
  test("whatever is let through is short and one character", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 3 }), (typed) => {
        const emoji = normalEmoji(typed);
        if (emoji === undefined) return;
        expect(emoji.length).toBeLessThanOrEqual(maxEmoji + 1);
        expect([...new Intl.Segmenter("en").segment(emoji)]).toHaveLength(1);
        expect(normalEmoji(emoji)).toBe(emoji);
      }),
      { numRuns: 2000 },
    );
  });
});

describe("text", () => {
  test("loses what reorders, hides or controls, and nothing else", () => {
    expect(cleanText("invoice\u202efdp.exe\u202c")).toBe("invoicefdp.exe");
    expect(cleanText("a\u2066b\u2069c\u0000d\u001b[31me\u0085\u007ff")).toBe("abcd[31mef");
    expect(cleanText("one\r\ntwo\rthree\u2028four\tfive")).toBe("one\ntwo\nthree\nfour\tfive");
    expect(
      cleanText(`see ${[..."secret"].map((c) => String.fromCodePoint(0xe0000 + c.charCodeAt(0))).join("")}this`),
    ).toBe("see this");
    expect(cleanText("a\ud800b")).toBe("a\ufffdb");
    for (const kept of [
      "שלום 123 abc",
      "\u200fא.",
      "مرحبا",
      "نمی\u200cخواهم",
      "👨‍👩‍👧 🏴󠁧󠁢󠁥󠁮󠁧󠁿",
      "ที่นี้",
      "שָׁלוֹם",
      "Việt Nam",
      "ཧྐྵྨླྺྼྻྂ",
      "中文，好。",
    ])
      expect(cleanText(kept)).toBe(kept);
  });
  test("zalgo keeps eight marks", () => {
    expect([...cleanText(`Z${"\u0300\u0489".repeat(500)}!`)]).toHaveLength(10);
  });
  test("is clean once and for all", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 60 }), (text) => {
        const clean = cleanText(text);
        expect(cleanText(clean)).toBe(clean);
        expect(clean).not.toMatch(/[\u202a-\u202e\u2066-\u2069]|(?![\n\t])\p{Cc}/u);
      }),
      { numRuns: 3000 },
    );
  });
  test.each(["", " \n\t", "\u200b\u200d\ufeff", "\u2800", "\u3164", "\u202e\u202c", "\u00ad\u2060"])(
    "%j is empty",
    (text) => {
      expect(isBlank(text)).toBe(true);
      expect(parse({ kind: "text", text }).success).toBe(false);
    },
  );
  test("on one line stays on it, and never ends in half a character", () => {
    expect(cleanLine("  a\n\n b\u2028c ", 20)).toBe("a b c");
    expect(cleanLine("ab😀", 3)).toBe("ab");
  });
});

describe("content", () => {
  const voice = { kind: "voice", seconds: 3.2, waveform: [0, 100], mime: "audio/webm;codecs=opus", audio: "AAAA" };
  const card = { url: "https://a.com/x", title: "Title" };

  test("of every kind is taken", () => {
    for (const good of [
      {
        kind: "text",
        text: "hello",
        mentions: [lin],
        replyTo: { id: id(1), from: wei, preview: "x" },
        forwarded: true,
      },
      { kind: "text", text: "see https://a.com/x", link: { ...card, description: "d", image: "_9j_4AAQ" } },
      voice,
      { ...voice, mime: "audio/mp4" },
      { kind: "reaction", target: id(1), emoji: "👍" },
      { kind: "reaction", target: id(1), emoji: null },
      { kind: "edit", target: id(1), text: "hello" },
      { kind: "delete", target: id(1) },
    ])
      expect(parsed(good)).toEqual(good);
  });

  test.each<[string, unknown]>([
    ["an unknown kind", { kind: "script", text: "x" }],
    ["a target that is no id", { kind: "delete", target: "../../x" }],
    ["a mention that is nobody", { kind: "text", text: "x", mentions: ["everyone"] }],
    ["more mentions than a group has use for", { kind: "text", text: "x", mentions: Array(65).fill(lin) }],
    ["a type a page would run", { ...voice, mime: "text/html" }],
    ["a type with something behind it", { ...voice, mime: "audio/webm;codecs=opus,<script>" }],
    ["too much sound", { ...voice, audio: "A".repeat((maxAudio * 4) / 3 + 4) }],
    ["sound that is not base64url", { ...voice, audio: "A+/=" }],
    ["a waveform beyond its bounds", { ...voice, waveform: [101] }],
    ["a waveform that is too long", { ...voice, waveform: Array(65).fill(1) }],
    ["an endless voice message", { ...voice, seconds: 1e9 }],
    ["no time at all", { ...voice, seconds: Number.NaN }],
    ["a timer below zero", { kind: "timer", seconds: -1 }],
    ["a timer of a century", { kind: "timer", seconds: 3_153_600_000 }],
    ["a text of a book", { kind: "text", text: "x".repeat(40_000) }],
    ["an SVG in a card", { kind: "text", text: card.url, link: { ...card, image: "PHN2Zz48L3N2Zz4" } }],
    [
      "a huge picture in a card",
      { kind: "text", text: card.url, link: { ...card, image: `_9j_${"A".repeat(maxCardImage * 2)}` } },
    ],
  ])("%s is refused", (_, content) => {
    expect(parse(content).success).toBe(false);
  });

  test("a card stands only for the link in its own text", () => {
    expect(parsed({ kind: "text", text: "see https://a.com/x", link: card })).toHaveProperty("link");
    for (const [text, link] of [
      ["see https://evil.com/", card],
      ["no link", card],
      ["https://evil.com/ https://a.com/x", card],
      ["javascript:alert(1)", { ...card, url: "javascript:alert(1)" }],
      ["https://a.com/x", { ...card, title: "\u202e\u200b".slice(0, 1) }],
    ])
      expect(parsed({ kind: "text", text, link })).toEqual({ kind: "text", text: expect.any(String) });
  });

  test("previews and titles are cut and cleaned", () => {
    const reply = { id: id(1), from: wei, preview: `\u202e${"a\n".repeat(200)}` };
    const content = parsed({ kind: "text", text: "x", replyTo: reply });
    if (content.kind !== "text") throw new Error("a text");
    expect(content.replyTo?.preview).toHaveLength(maxPreview);
    expect(content.replyTo?.preview).toMatch(/^a a/);
  });

  test("arbitrary JSON is refused or bounded", () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        expect(parse(JSON.parse(json)).success).toBe(false);
      }),
    );
  });
});
