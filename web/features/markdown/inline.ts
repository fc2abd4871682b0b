import { judgeLink } from "./link.ts";
import type { Inline, Mentionable } from "./types.ts";

type Mark = "**" | "*" | "~~";
const kinds = { "**": "strong", "*": "em", "~~": "strike" } as const;

/** Where something may begin. Every alternative takes a bounded or a consumed stretch, so the whole stays linear. */
const starts =
  /\\[\\*~`[\]>@]|\*+|~+|`+|\[|@|\n[ \t]*\n|(?<!\w)(?:[a-z][a-z0-9+.-]{1,15}:\/\/|javascript:)[^\s<>"'`*，。！？、；：（）《》「」“”]+/giu;
const labelled = /\[([^[\]\n]{1,200})\]\(([^\s()<>"]{1,2000}(?:\([^\s()<>"]{0,200}\)[^\s()<>"]{0,200})?)\)/y;

/** Beyond this many pieces a message is no prose any more: the rest stays plain text, so that no page drowns in it. */
const mostPieces = 2_000;

interface Frame {
  mark: Mark | undefined;
  children: Inline[];
}

/**
 * The marks inside a line of text: bold, italic, strike, code, links, mentions. Each kind of mark is open at most once,
 * so nesting is three deep whatever comes, and each character is looked at a bounded number of times.
 */
export function parseInline(text: string, people: readonly Mentionable[] = []): Inline[] {
  const named = people.filter(({ name }) => name).sort((a, b) => b.name.length - a.name.length);
  const names = Map.groupBy(named, ({ name }) => name[0]);
  const frames: Frame[] = [{ mark: undefined, children: [] }];
  /** Per length of a run of backticks: no closing run before this place. */
  const noClosing = [0, 0, 0, 0];
  let pieces = 0;
  let done = 0;

  const add = (piece: Inline) => {
    const { children } = frames.at(-1) as Frame;
    const last = children.at(-1);
    if (piece.kind === "text" && last?.kind === "text") last.text += piece.text;
    else if (piece.kind !== "text" || piece.text) {
      children.push(piece.kind === "text" ? { ...piece } : piece);
      pieces++;
    }
  };
  /** Gives up the innermost open mark: it was only a sign. */
  const unwind = () => {
    const { mark, children } = frames.pop() as Frame;
    add({ kind: "text", text: mark ?? "" });
    for (const child of children) add(child);
  };
  const isOpen = (mark: Mark) => frames.some((frame) => frame.mark === mark);
  const close = (mark: Mark) => {
    while (frames.at(-1)?.mark !== mark) unwind();
    const { children } = frames.pop() as Frame;
    add({ kind: kinds[mark], children });
  };
  const delimiter = (run: string, at: number) => {
    const before = text[at - 1] ?? " ";
    const after = text[at + run.length] ?? " ";
    const inWord = /\w/.test(before) && /\w/.test(after); // 2*3*4 and a**b are no emphasis
    const opens = !/\s/.test(after) && !inWord;
    const closes = !/\s/.test(before) && !inWord;
    if (run.length > 3 || (run[0] === "~" && run.length !== 2)) return add({ kind: "text", text: run });
    let rest = run;
    const fits = (): Mark[] => (rest[0] === "~" ? ["~~"] : rest.length >= 2 ? ["**", "*"] : ["*"]);
    while (closes && rest) {
      const innermost = frames.findLast((frame) => frame.mark && fits().includes(frame.mark))?.mark;
      const mark = rest === "**" && isOpen("**") ? "**" : innermost;
      if (!mark) break;
      close(mark);
      rest = rest.slice(mark.length);
    }
    while (rest) {
      const mark = fits().find((one) => !isOpen(one));
      if (!opens || !mark) return add({ kind: "text", text: rest });
      frames.push({ mark, children: [] });
      rest = rest.slice(mark.length);
    }
  };
  /** Takes what begins at `at`; returns where it ends. */
  const take = (found: string, at: number): number => {
    const end = at + found.length;
    switch (found[0]) {
      case "\\":
        add({ kind: "text", text: found.slice(1) });
        return end;
      case "*":
      case "~":
        delimiter(found, at);
        return end;
      case "\n":
        while (frames.length > 1) unwind();
        add({ kind: "text", text: found });
        return end;
      case "`": {
        const closing = closingTicks(text, found.length, end, noClosing);
        if (closing === undefined) break;
        add({ kind: "code", text: text.slice(end, closing) });
        return closing + found.length;
      }
      case "[": {
        labelled.lastIndex = at;
        const [whole, label, address] = labelled.exec(text) ?? [];
        if (whole === undefined || !label || !address) break;
        add(judgeLink(address, label));
        return at + whole.length;
      }
      case "@": {
        const person = names.get(text[end])?.find(({ name }) => text.startsWith(name, end));
        if (!person || /[\w]/.test(text[at - 1] ?? " ")) break;
        add({ kind: "mention", text: `@${person.name}`, publicId: person.publicId });
        return end + person.name.length;
      }
      default: {
        const address = found.slice(0, withoutStop(found));
        add(judgeLink(address));
        return at + address.length;
      }
    }
    add({ kind: "text", text: found });
    return end;
  };

  starts.lastIndex = 0;
  for (let match = starts.exec(text); match && pieces < mostPieces; match = starts.exec(text)) {
    add({ kind: "text", text: text.slice(done, match.index) });
    done = take(match[0], match.index);
    starts.lastIndex = done;
  }
  add({ kind: "text", text: text.slice(done) });
  while (frames.length > 1) unwind();
  return frames[0]?.children ?? [];
}

/** Where a run of as many backticks closes on the same line; remembers failures so that a line is searched once. */
function closingTicks(text: string, length: number, from: number, none: number[]): number | undefined {
  if (length >= none.length || from < (none[length] ?? 0)) return undefined;
  let at = from;
  for (; at < text.length && text[at] !== "\n"; ) {
    if (text[at] !== "`") {
      at++;
      continue;
    }
    const begin = at;
    while (text[at] === "`") at++;
    if (at - begin === length && begin > from) return begin;
  }
  none[length] = at;
  return undefined;
}

/** Length of an address without the punctuation of the sentence around it. A bracket that was opened inside stays. */
function withoutStop(address: string): number {
  let end = address.length;
  let opened = 0;
  for (const sign of address) opened += sign === "(" ? 1 : sign === ")" ? -1 : 0;
  while (end > 0) {
    const sign = address[end - 1] ?? "";
    if (sign === ")" && opened < 0) opened++;
    else if (!".,;:!?]~".includes(sign)) break;
    end--;
  }
  return end;
}
