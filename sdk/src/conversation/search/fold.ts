/**
 * The form in which texts are compared: NFKC, case and Latin accents folded, characters without a shape left out, white space as
 * one space each. Folded piece by piece (a character with its marks), so that a place in the folded text has a place in the
 * original one.
 */
export function fold(text: string): string {
  if (isAscii(text)) return text.toLowerCase().replace(/\s/g, " ");
  let folded = "";
  for (const [piece] of text.matchAll(pieces)) folded += foldPiece(piece);
  return folded;
}

/** Longest query, in code units, and most words of it. */
export const maxQuery = 256;
const maxTerms = 8;
const maxRanges = 64;

/** Words of a query, longest first. CJK is written without spaces and found as it stands. */
export const termsOf = (query: string): string[] =>
  [...new Set(fold(query).split(" "))]
    .filter((term) => term !== "")
    .sort((a, b) => b.length - a.length)
    .slice(0, maxTerms);

/** Where the terms stand in a text: half open, in UTF-16 code units, in order, not overlapping. */
export function rangesIn(text: string, terms: readonly string[]): [start: number, end: number][] {
  let folded = "";
  const starts: number[] = [];
  const ends: number[] = [];
  for (const { 0: piece, index } of text.matchAll(pieces)) {
    const part = foldPiece(piece);
    folded += part;
    for (let i = 0; i < part.length; i++) {
      starts.push(index);
      ends.push(index + piece.length);
    }
  }
  const found: [number, number][] = [];
  for (const term of terms) {
    let at = folded.indexOf(term);
    for (let count = 0; at >= 0 && count < maxRanges; count++) {
      found.push([starts[at] as number, ends[at + term.length - 1] as number]);
      at = folded.indexOf(term, at + term.length);
    }
  }
  found.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const merged: [number, number][] = [];
  for (const [start, end] of found) {
    const last = merged.at(-1);
    if (last && start <= last[1]) last[1] = Math.max(last[1], end);
    else merged.push([start, end]);
  }
  return merged.slice(0, maxRanges);
}

const pieces = /\P{M}\p{M}*|\p{M}+/gu;
const isAscii = (text: string): boolean => /^\p{ASCII}*$/u.test(text);

/** Most texts use few different characters. */
const known = new Map<string, string>();

function foldPiece(piece: string): string {
  const before = known.get(piece);
  if (before !== undefined) return before;
  const folded = piece
    .normalize("NFKD")
    .replace(/[\u0300-\u036f]|\p{Default_Ignorable_Code_Point}/gu, "")
    .normalize("NFKC")
    .toLowerCase()
    .replaceAll("ß", "ss")
    .replaceAll("ς", "σ")
    .replace(/\s/gu, " ");
  if (known.size >= 8192) known.clear();
  known.set(piece, folded);
  return folded;
}
