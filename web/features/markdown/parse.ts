import { parseInline } from "./inline.ts";
import type { Block, Mentionable } from "./types.ts";

const deepestQuote = 3;
const bullet = /^ {0,3}(?:[-*+•]|(\d{1,3})[.)])[ \t]+(?=\S)/;

/**
 * Markdown-lite of a message: fenced code, quotes, lists, and text with inline marks. Everything else, blank lines
 * included, stays as typed. Pure, never throws, and takes time in proportion to the length of the text.
 */
export function parseMarkdown(text: string, people: readonly Mentionable[] = []): Block[] {
  return parseBlocks(text.split("\n"), people, 0);
}

function parseBlocks(lines: readonly string[], people: readonly Mentionable[], depth: number): Block[] {
  const blocks: Block[] = [];
  let plain: string[] = [];
  const flush = () => {
    while (blocks.length > 0 && plain[0]?.trim() === "") plain.shift();
    const text = plain.join("\n");
    if (text.trim()) blocks.push({ kind: "text", inlines: parseInline(text.trimEnd(), people) });
    plain = [];
  };
  /** No fence closes from here on, so the next one need not look. */
  let unclosed = false;
  for (let at = 0; at < lines.length; ) {
    const line = lines[at] ?? "";
    if (!unclosed && /^ {0,3}```[^`]{0,40}$/.test(line)) {
      const end = endOf(lines, at + 1, (other) => !/^ {0,3}```\s*$/.test(other));
      if (end < lines.length) {
        flush();
        blocks.push({ kind: "code", text: lines.slice(at + 1, end).join("\n") });
        at = end + 1;
        continue;
      }
      unclosed = true;
    }
    const oneLine = /^```([^`]+)```$/.exec(line)?.[1];
    if (oneLine) {
      flush();
      blocks.push({ kind: "code", text: oneLine });
      at++;
    } else if (depth < deepestQuote && isQuote(line)) {
      flush();
      const end = endOf(lines, at, isQuote);
      const inner = lines.slice(at, end).map((quoted) => quoted.replace(/^ {0,3}> ?/, ""));
      blocks.push({ kind: "quote", blocks: parseBlocks(inner, people, depth + 1) });
      at = end;
    } else if (bullet.test(line)) {
      flush();
      const ordered = bullet.exec(line)?.[1];
      const end = endOf(lines, at, (other) => {
        const found = bullet.exec(other);
        return found !== null && (found[1] === undefined) === (ordered === undefined);
      });
      const items = lines.slice(at, end).map((item) => parseInline(item.replace(bullet, ""), people));
      blocks.push({ kind: "list", start: ordered === undefined ? undefined : Number(ordered), items });
      at = end;
    } else {
      plain.push(line);
      at++;
    }
  }
  flush();
  return blocks;
}

const isQuote = (line: string) => /^ {0,3}>(?=[ \t]*\S)/.test(line);

function endOf(lines: readonly string[], from: number, belongs: (line: string) => boolean): number {
  let end = from;
  while (end < lines.length && belongs(lines[end] ?? "")) end++;
  return end;
}
