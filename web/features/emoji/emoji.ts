import rows from "./generated/emoji.json" with { type: "json" };

export interface Emoji {
  sign: string;
  group: number;
  toned: boolean;
  /** Unicode's own name, and words it is found by, in English and in Chinese. */
  en: { name: string; words: string };
  zh: { name: string; words: string };
}

type Row = [sign: string, group: number, toned: number, en: string, enWords: string, zh: string, zhWords: string];

/** Every emoji, in Unicode's order. */
export const emojis: readonly Emoji[] = (rows as Row[]).map(([sign, group, toned, en, enWords, zh, zhWords]) => ({
  sign,
  group,
  toned: toned === 1,
  en: { name: en, words: enWords },
  zh: { name: zh, words: zhWords },
}));

/** Groups of emojibase without 2, the components. */
export const groups = {
  smileys: 0,
  people: 1,
  animals: 3,
  food: 4,
  travel: 5,
  activities: 6,
  objects: 7,
  symbols: 8,
  flags: 9,
};
export type Group = keyof typeof groups;

export type Tone = 0 | 1 | 2 | 3 | 4 | 5;
const modifiers = ["", "\u{1f3fb}", "\u{1f3fc}", "\u{1f3fd}", "\u{1f3fe}", "\u{1f3ff}"] as const;

/** An emoji in a skin tone (UTS 51, 2.4): behind each person or hand, but not the handshake between two people. */
export function inTone(emoji: Emoji, tone: Tone): string {
  if (!emoji.toned || tone === 0) return emoji.sign;
  return emoji.sign.replace(/(\p{Emoji_Modifier_Base})\ufe0f?/gu, (_, base: string, at: number) =>
    base === "\u{1f91d}" && at > 0 ? base : base + modifiers[tone],
  );
}

const most = 84;

/** Emoji by words of either language, whatever language the page is in; best fits first. */
export function searchEmoji(query: string): Emoji[] {
  const wanted = query.normalize("NFKC").toLowerCase().split(/\s+/).filter(Boolean).slice(0, 6);
  if (wanted.length === 0) return [];
  const found: { emoji: Emoji; score: number }[] = [];
  for (const emoji of emojis) {
    const scores = wanted.map((word) => (emoji.sign === word ? 0 : scoreOf(emoji, word)));
    const score = Math.max(...scores);
    if (Number.isFinite(score)) found.push({ emoji, score });
  }
  return found
    .sort((a, b) => a.score - b.score)
    .slice(0, most)
    .map(({ emoji }) => emoji);
}

function scoreOf({ en, zh }: Emoji, word: string): number {
  if (en.name === word || zh.name === word) return 0;
  if (` ${en.words} ${zh.words} `.includes(` ${word} `)) return 1;
  if (en.name.startsWith(word) || zh.name.startsWith(word)) return 2;
  if (` ${en.name} ${en.words}`.includes(` ${word}`)) return 3;
  if (zh.name.includes(word) || zh.words.includes(word)) return 4;
  return word.length >= 3 && en.name.includes(word) ? 5 : Number.POSITIVE_INFINITY;
}
