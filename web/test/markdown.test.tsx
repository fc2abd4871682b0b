// @vitest-environment happy-dom
import { cleanup, screen } from "@testing-library/react";
import fc from "fast-check";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { judgeLink } from "../features/markdown/link.ts";
import { Markdown } from "../features/markdown/markdown.tsx";
import { parseMarkdown } from "../features/markdown/parse.ts";
import { plainText } from "../features/markdown/plain.ts";
import type { Block, Inline } from "../features/markdown/types.ts";
import { loadLinkCheck } from "../lib/links.ts";
import en from "../messages/en.json" with { type: "json" };
import { show } from "./show.tsx";

beforeAll(loadLinkCheck);
afterEach(cleanup);

/** A short way to write down what was understood. */
function say(blocks: readonly Block[]): string {
  return blocks
    .map((block) => {
      if (block.kind === "text") return sayInlines(block.inlines);
      if (block.kind === "code") return `pre[${block.text}]`;
      if (block.kind === "quote") return `quote[${say(block.blocks)}]`;
      return `${block.start === undefined ? "ul" : `ol${block.start}`}[${block.items.map(sayInlines).join("|")}]`;
    })
    .join(" / ");
}

function sayInlines(inlines: readonly Inline[]): string {
  return inlines
    .map((one) => {
      if (one.kind === "text") return one.text;
      if ("children" in one) return `${one.kind}[${sayInlines(one.children)}]`;
      return `${one.kind}[${one.text}]`;
    })
    .join("");
}

const read = (text: string) => say(parseMarkdown(text));

describe("markdown-lite", () => {
  test.each([
    ["**bold** *italic* ~~gone~~ `code`", "strong[bold] em[italic] strike[gone] code[code]"],
    ["***both***", "strong[em[both]]"],
    ["**bold *and italic* again**", "strong[bold em[and italic] again]"],
    ["**粗体**和*斜体*，还有~~删除~~", "strong[粗体]和em[斜体]，还有strike[删除]"],
    ["2*3*4 and a**b**c", "2*3*4 and a**b**c"],
    ["2 * 3 * 4", "2 * 3 * 4"],
    ["*open and **closed**", "*open and strong[closed]"],
    ["**a *b** c*", "strong[a *b] c*"],
    ["\\*not this\\*", "*not this*"],
    ["``a ` b``", "code[a ` b]"],
    ["`**no**`", "code[**no**]"],
    ["`never closed **bold**", "`never closed strong[bold]"],
    ["snake_case_name and ~tilde~", "snake_case_name and ~tilde~"],
    ["*not\n\nacross*", "*not\n\nacross*"],
    ["****", "****"],
  ])("inline %j", (text, expected) => expect(read(text)).toBe(expected));

  test.each([
    ["```\nconst a = 1;\n\n**raw**\n```", "pre[const a = 1;\n\n**raw**]"],
    ["before\n```js\nx\n```\nafter", "before / pre[x] / after"],
    ["```one line```", "pre[one line]"],
    ["```\nnever closed", "```\nnever closed"],
    ["> quoted\n> **twice**\nanswer", "quote[quoted\nstrong[twice]] / answer"],
    ["> > deep", "quote[quote[deep]]"],
    ["- one\n- *two*\n\nrest", "ul[one|em[two]] / rest"],
    ["3. three\n4. four", "ol3[three|four]"],
    ["a\n\n\nb", "a\n\n\nb"],
    ["1984. A year is no list", "1984. A year is no list"],
    ["-dash", "-dash"],
    [">", ">"],
  ])("blocks %j", (text, expected) => expect(read(text)).toBe(expected));

  test("mentions are those of the message, longest name first", () => {
    const people = [
      { publicId: "0x01" as const, name: "wei" },
      { publicId: "0x02" as const, name: "weilin" },
    ];
    expect(say(parseMarkdown("@weilin @wei mail@wei @nobody", people))).toBe(
      "mention[@weilin] mention[@wei] mail@wei @nobody",
    );
  });

  test("previews carry the words without the marks, on one line", () => {
    expect(plainText("**Hi** `x`\n> said\n- one\n- two")).toBe("Hi x said one, two");
    expect(plainText("a".repeat(500), 20)).toHaveLength(20);
  });

  test("no text is lost and nothing throws, whatever comes", () => {
    const marks = fc.array(
      fc.constantFrom("*", "**", "~~", "`", "```", "\n", "> ", "- ", "[", "](", ")", "a", " ", "@"),
    );
    fc.assert(
      fc.property(marks, (parts) => {
        const text = parts.join("");
        const letters = (from: string) => [...from].filter((sign) => sign === "a").length;
        expect(letters(read(text).replaceAll("mark", ""))).toBeGreaterThanOrEqual(letters(text));
      }),
    );
  });

  const hostile: [name: string, unit: string][] = [
    ["asterisks", "*"],
    ["openers", "*a **b "],
    ["pairs", "*a* "],
    ["backticks of many lengths", "`a``b```c"],
    ["open brackets", "[a]("],
    ["tildes", "~~a ~~"],
    ["quotes", "> "],
    ["quoted lines", "> a\n"],
    ["fences", "```\n"],
    ["addresses", "https://a.example/... "],
    ["one long address", "https://"],
    ["stops", "https://a.example/).).)"],
    ["at signs", "@"],
    ["schemes", "a+a+a+a+a+a+a+a"],
  ];

  // A megabyte is thirty times the longest message. Work that grew with the square of it would not come to an end.
  test.each(hostile)("a megabyte of %s is read", (_, unit) => {
    const people = Array.from({ length: 150 }, (_, index) => ({ publicId: "0x01" as const, name: `name-${index}` }));
    const blocks = parseMarkdown(unit.repeat(2 ** 20 / unit.length), people);
    expect(blocks.length).toBeGreaterThan(0);
  });

  test("nesting stays shallow and pieces stay few", () => {
    const depth = (inlines: readonly Inline[]): number =>
      1 + Math.max(0, ...inlines.map((one) => ("children" in one ? depth(one.children) : 0)));
    const of = (text: string) => {
      const [block] = parseMarkdown(text);
      return block?.kind === "text" ? block.inlines : [];
    };
    expect(depth(of("*a **b ~~c ".repeat(3_000)))).toBeLessThanOrEqual(4);
    expect(of("*a* ".repeat(8_000)).length).toBeLessThan(2_010);
  });
});

describe("links in messages", () => {
  test("web addresses become links, without the stop behind them", () => {
    expect(read("see https://example.org/a?b=1.")).toBe("see link[https://example.org/a?b=1].");
    expect(read("(https://example.org/a_(b))")).toBe("(link[https://example.org/a_(b)])");
    expect(read("**https://example.org**")).toBe("strong[link[https://example.org]]");
  });

  test("Chinese punctuation ends an address", () => {
    expect(read("看https://example.org/书，好")).toBe("看link[https://example.org/书]，好");
  });

  test.each(["javascript:alert(1)", "file:///etc/passwd", "ftp://example.org/x"])("%j is no link", (text) =>
    expect(read(text)).toBe(`unsafe[${text}]`),
  );

  test.each(["data:text/html,x", "plain words", "note: this"])("%j stays text", (text) =>
    expect(read(text)).toBe(text),
  );

  test("a label shows where it goes, or is refused", () => {
    expect(judgeLink("https://example.org/x", "read this")).toMatchObject({ kind: "link", host: "example.org" });
    expect(judgeLink("https://www.example.org/x", "example.org")).toMatchObject({ kind: "link" });
    expect(judgeLink("https://evil.example/x", "https://bank.example")).toMatchObject({ reason: "disguised" });
    expect(judgeLink("https://evil.example/x", "bank.example")).toMatchObject({ reason: "disguised" });
    expect(judgeLink("https://bank.example@evil.example/")).toMatchObject({ reason: "disguised" });
    expect(judgeLink("javascript:alert(1)", "click")).toMatchObject({ kind: "unsafe", reason: "scheme" });
  });

  test.each([
    ["https://аррӏе.com", true],
    ["https://gооgle.com", true],
    ["https://xn--80ak6aa92e.com", true],
    ["https://ραypal.com", true],
    ["https://ḅank.com", true],
    ["https://example.org", false],
    // Signs that pass for the slash or the colon behind a host.
    ["https://accounts.google.com⁄login.attacker.com/", true],
    ["https://google.com∕a.attacker.com/", true],
    ["https://google.com⧸a.attacker.com/", true],
    ["https://google.com╱a.attacker.com/", true],
    ["https://google.com꞉443.attacker.com/", true],
    ["https://google.comノa.attacker.com/", true],
    ["https://ƅank.com", true],
    ["https://paypaı.com", true],
    ["https://p̣aypal.com", true],
    ["https://google.com⁄a.local/", true],
    ["http://nas.local/files", false],
    ["http://192.168.1.1/", false],
    ["https://münchen.de", false],
    ["https://例子.中国", false],
    ["https://日本語abc.jp", false],
    ["https://пример.рф", false],
    ["https://сор.рф", false],
    ["https://ελλάδα.gr", false],
    ["https://xn--fsqu00a.xn--fiqs8s", false],
  ])("%s looks like another: %s", (address, expected) => {
    expect(judgeLink(address).kind === "unsafe").toBe(expected);
  });
});

function write(text: string) {
  show(
    <div data-testid="text">
      <Markdown text={text} me="0x01" people={[{ publicId: "0x01", name: "lin" }]} />
    </div>,
  );
  return screen.getByTestId("text");
}

describe("the rendered text", () => {
  test("is elements, never HTML", () => {
    const shown = write("<img src=x onerror=alert(1)> **<b>x</b>**");
    expect(shown.querySelector("img, b")).toBeNull();
    expect(shown.textContent).toBe("<img src=x onerror=alert(1)> <b>x</b>");
  });

  test("every run is isolated", () => {
    const shown = write("abc \u202e**evil**\u202c @lin https://example.org");
    for (const text of textNodes(shown)) expect(text.parentElement?.closest("bdi, code")).not.toBeNull();
  });

  test("links open outside, knowing nothing of this page", () => {
    write("https://example.org");
    const link = screen.getByRole("link");
    expect(link.getAttribute("rel")).toBe("noopener noreferrer nofollow");
    expect(link.getAttribute("target")).toBe("_blank");
  });

  test("an unsafe address is text with a warning", () => {
    write("[your bank](https://аррӏе.com)");
    expect(screen.queryByRole("link")).toBeNull();
    expect(screen.getByText(en.markdown["look-alike"])).toBeTruthy();
  });
});

function textNodes(root: Element): Text[] {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const found: Text[] = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode())
    if (node.textContent?.trim()) found.push(node as Text);
  return found;
}
