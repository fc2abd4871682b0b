export type Strength = "weak" | "fair" | "strong";

/**
 * A cautious guess at how many bits an attacker has to try. Behind it stand 64 MiB Argon2id and a wallet signature, so
 * this is the last wall, not the only one. Runs, repeats, years and the commonest words count for nearly nothing.
 */
export function guessBits(code: string): number {
  const text = code.normalize("NFKC");
  let rest = text.toLowerCase();
  let bits = 0;
  for (const word of common) {
    if (!rest.includes(word)) continue;
    rest = rest.split(word).join("\u0000");
    bits += 8;
  }
  rest = rest.replace(/(19|20)\d\d/g, "\u0000");
  let previous = Number.NaN;
  let step = Number.NaN;
  let fresh = 0;
  const seen = new Map<string, number>();
  for (const character of rest) {
    const point = character.codePointAt(0) ?? 0;
    const same = point - previous === step || point === previous;
    step = point - previous;
    previous = point;
    const times = (seen.get(character) ?? 0) + 1;
    seen.set(character, times);
    if (point !== 0) fresh += same ? 0.15 : times > 3 ? 0.4 : 1;
  }
  return bits + fresh * Math.log2(alphabet(text));
}

export function strengthOf(code: string): Strength {
  const bits = guessBits(code);
  if ([...code].length < 8 || bits < 38) return "weak";
  return bits < 62 ? "fair" : "strong";
}

function alphabet(text: string): number {
  let size = 0;
  if (/[a-z]/.test(text)) size += 20;
  if (/[A-Z]/.test(text)) size += 16;
  if (/\d/.test(text)) size += 10;
  if (/[^\p{L}\p{N}]/u.test(text)) size += 12;
  if (/[^\p{ASCII}]/u.test(text)) size += 200;
  return Math.max(size, 2);
}

const common = [
  "password",
  "passwort",
  "qwerty",
  "asdf",
  "letmein",
  "welcome",
  "iloveyou",
  "dragon",
  "monkey",
  "skrumble",
  "admin",
  "woaini",
  "mima",
  "12345",
  "520",
  "1314",
  "密码",
  "我爱你",
];

const consonants = "bdfghjklmnprstvz";
const vowels = "aeiou";

/** Four words that can be said aloud in any language, 75 bits: "kamuro-tevila-sonipu-dareko". */
export function suggestCode(random: (bound: number) => number = fairRandom): string {
  const syllable = () => consonants.charAt(random(consonants.length)) + vowels.charAt(random(vowels.length));
  const word = () => syllable() + syllable() + syllable();
  return [word(), word(), word(), word()].join("-");
}

/** Uniform below `bound` (at most 256), by rejection. */
function fairRandom(bound: number): number {
  const limit = 256 - (256 % bound);
  const byte = new Uint8Array(1);
  do crypto.getRandomValues(byte);
  while ((byte[0] ?? 0) >= limit);
  return (byte[0] ?? 0) % bound;
}
