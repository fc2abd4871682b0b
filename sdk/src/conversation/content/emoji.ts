/** In UTF-16 code units. The longest in use, a couple with two skin tones, has 15. */
export const maxEmoji = 32;

const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });

/** Flags of countries and keycaps; flags of regions and everything joined begin with a pictograph. */
const special = /^(?:\p{Regional_Indicator}{2}|[0-9#*]\ufe0f?\u20e3)$/u;
const one = String.raw`\p{Extended_Pictographic}(?:\p{Emoji_Modifier}|\ufe0f)?`;
/** UTS #51: pictographs with skin or presentation, joined by ZWJ; or a flag spelled with tags. */
const pictographs = new RegExp(`^${one}(?:[\\u{E0020}-\\u{E007E}]{1,8}\\u{E007F}|(?:\\u200d${one})*)$`, "u");

/**
 * The one form of an emoji that counts as a reaction, or undefined. One grapheme of pictographs, so also an emoji that is
 * newer than this program: its code point is reserved. A bare "❤" and "❤️" are the same reaction.
 */
export function normalEmoji(text: string): string | undefined {
  if (text.length === 0 || text.length > maxEmoji) return undefined;
  const [first, second] = segmenter.segment(text);
  if (!first || second) return undefined;
  if (special.test(text)) return text;
  if (!pictographs.test(text)) return undefined;
  const isBare = [...text].length === 1 && !/\p{Emoji_Presentation}/u.test(text);
  return isBare ? `${text}\ufe0f` : text;
}
