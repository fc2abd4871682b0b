import { decodePunycode } from "./punycode.ts";

/** Scripts that are written together in one word, after the "highly restrictive" level of UTS 39, 5.2. */
const together = [
  /^[\p{Script=Latin}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]*$/u,
  /^[\p{Script=Latin}\p{Script=Han}\p{Script=Bopomofo}]*$/u,
  /^[\p{Script=Latin}\p{Script=Han}\p{Script=Hangul}]*$/u,
];

/** Letters of other scripts that pass for Latin ones in a word made of nothing else. */
const passForLatin = /^[асԁеһіјӏорԛѕԝхуѵүαεικνορτυχοասոսօբցհղ-]+$/u;

/**
 * Whether a host name could be taken for another one: letters of scripts that do not belong together, a whole word of
 * letters that pass for Latin, or signs nobody sees. Takes the name as written or in its `xn--` form.
 */
export function isLookAlike(host: string): boolean {
  const labels = host
    .split(".")
    .map((label) => (/^xn--/i.test(label) ? decodePunycode(label.slice(4).toLowerCase()) : label));
  // A word of Cyrillic under a Cyrillic ending is at home there.
  const latinEnd = ascii.test(labels.at(-1) ?? "");
  return labels.some((label) => {
    if (label === undefined) return true;
    return !ascii.test(label) && suspicious(label.normalize("NFKC").toLowerCase(), latinEnd);
  });
}

const ascii = /^[\x21-\x7e]*$/;

function suspicious(label: string, latinEnd: boolean): boolean {
  if (/[\p{Cf}\p{Cc}\p{Zs}]/u.test(label)) return true;
  const letters = label.replace(/[\p{Script=Common}\p{Script=Inherited}]/gu, "");
  if (latinEnd && passForLatin.test(letters)) return true;
  if (together.some((scripts) => scripts.test(letters))) return latinMarks(label);
  return !oneScript(letters);
}

/** Latin with dots and strokes nobody types (ḅank, gооglе with marks) is refused; the accents of living languages are not. */
function latinMarks(label: string): boolean {
  return /[\u1e00-\u1e9f\u0250-\u02af\u1d00-\u1dbf]/u.test(label);
}

const scripts = [
  "Cyrillic",
  "Greek",
  "Arabic",
  "Hebrew",
  "Devanagari",
  "Thai",
  "Armenian",
  "Georgian",
  "Bengali",
  "Tamil",
  "Telugu",
  "Gujarati",
  "Gurmukhi",
  "Kannada",
  "Malayalam",
  "Sinhala",
  "Khmer",
  "Lao",
  "Myanmar",
  "Ethiopic",
].map((name) => new RegExp(`^\\p{Script=${name}}*$`, "u"));

function oneScript(letters: string): boolean {
  return scripts.some((script) => script.test(letters));
}
