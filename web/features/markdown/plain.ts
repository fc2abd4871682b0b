import { parseMarkdown } from "./parse.ts";
import type { Block, Inline } from "./types.ts";

/** The words without their marks, on one line: for previews, quotes and what screen readers announce. */
export function plainText(text: string, most = 200): string {
  const head = text.slice(0, most * 4);
  return parseMarkdown(head).map(ofBlock).join(" ").replace(/\s+/g, " ").trim().slice(0, most);
}

function ofBlock(block: Block): string {
  switch (block.kind) {
    case "text":
      return ofInlines(block.inlines);
    case "code":
      return block.text;
    case "quote":
      return block.blocks.map(ofBlock).join(" ");
    case "list":
      return block.items.map(ofInlines).join(", ");
  }
}

function ofInlines(inlines: readonly Inline[]): string {
  return inlines.map((one) => ("children" in one ? ofInlines(one.children) : one.text)).join("");
}
