import type { PublicId } from "../../lib/types.ts";
import { parseMarkdown } from "../markdown/parse.ts";
import type { Block, Inline, Mentionable } from "../markdown/types.ts";

const mostOptions = 6;

/** The half-typed mention before the caret: where its `@` is and what follows. */
export function mentionAt(text: string, caret: number): { from: number; query: string } | undefined {
  const found = /(?:^|[^\w@])@([\p{L}\p{M}\p{N}_-]{0,64})$/u.exec(text.slice(Math.max(0, caret - 80), caret));
  return found ? { from: caret - (found[1] ?? "").length - 1, query: found[1] ?? "" } : undefined;
}

/** Who may be meant: names that begin so, then names that hold it. */
export function suggest(people: readonly Mentionable[], query: string): Mentionable[] {
  const wanted = query.normalize("NFKC").toLowerCase();
  const place = ({ name }: Mentionable) => name.toLowerCase().indexOf(wanted);
  return people
    .filter((person) => place(person) >= 0)
    .sort((a, b) => Number(place(a) > 0) - Number(place(b) > 0) || a.name.localeCompare(b.name))
    .slice(0, mostOptions);
}

/** The text with the mention written out, and where the caret stands then. */
export function complete(text: string, caret: number, person: Mentionable): { text: string; caret: number } {
  const from = mentionAt(text, caret)?.from ?? caret;
  const written = `@${person.name} `;
  return {
    text: text.slice(0, from) + written + text.slice(caret).replace(/^ /, ""),
    caret: from + written.length,
  };
}

/** Whom a text mentions, as it will be shown: not inside code. */
export function mentionsIn(text: string, people: readonly Mentionable[]): PublicId[] {
  if (!text.includes("@")) return [];
  return [...new Set(parseMarkdown(text, people).flatMap(inBlock))];
}

function inBlock(block: Block): PublicId[] {
  if (block.kind === "text") return inInlines(block.inlines);
  if (block.kind === "quote") return block.blocks.flatMap(inBlock);
  return block.kind === "list" ? block.items.flatMap(inInlines) : [];
}

function inInlines(inlines: readonly Inline[]): PublicId[] {
  return inlines.flatMap((one) =>
    "children" in one ? inInlines(one.children) : one.kind === "mention" ? one.publicId : [],
  );
}
