/**
 * Text of other people is shown as it is, apart from what only deceives. The rule, the same for sender and recipient:
 * - control characters go, except newline and tab; line and paragraph separators become newlines (UAX #14);
 * - embeddings, overrides and isolates of the bidirectional algorithm go (U+202A-202E, U+2066-2069, UAX #9): they let text read
 *   differently from what it says and leak into what stands beside it. The marks LRM, RLM and ALM stay: they cannot;
 * - tag characters (U+E0000-E007F) go unless they spell a flag: they carry text nobody sees. So do U+FFF9-FFFB;
 * - of a run of combining marks the first eight stay: no orthography needs more, and a pile of hundreds covers other lines;
 * - unpaired surrogates become U+FFFD.
 */
export function cleanText(text: string): string {
  // ASCII has nothing of the above, and most texts in some languages are nothing else.
  if (plain.test(text)) return text;
  return text
    .toWellFormed()
    .replace(/\r\n?|[\u2028\u2029]/g, "\n")
    .replace(deceptive, "")
    .replace(/(\u{1F3F4}[\u{E0020}-\u{E007E}]{1,8}\u{E007F})|[\u{E0000}-\u{E007F}]/gu, "$1")
    .replace(/(\p{M}{8})\p{M}+/gu, "$1");
}

/** The same for what stands on one line: titles, previews. At most `max` code units, never half a character. */
export function cleanLine(text: string, max: number): string {
  const line = cleanText(text).replace(/\s+/gu, " ").trim();
  return line.length <= max ? line : line.slice(0, max).replace(/[\ud800-\udbff]$/, "");
}

/** Nothing to see: only white space and characters without a shape. */
export const isBlank = (text: string): boolean =>
  /^[\s\p{Default_Ignorable_Code_Point}\u2800\u115f\u1160\u3164\uffa0]*$/u.test(text);

const plain = /^[\n\t\x20-\x7e]*$/;
const deceptive = /(?![\n\t])\p{Cc}|[\u202a-\u202e\u2066-\u206f\ufff9-\ufffb]/gu;
