import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

/**
 * Writes features/emoji/generated/emoji.json: what the picker needs of emojibase-data (MIT; Unicode's own names and search
 * words in English and Chinese), a third of its size. `node web/scripts/emoji.ts`; a test compares.
 */
interface Source {
  emoji: string;
  label: string;
  tags?: string[];
  group?: number;
  order?: number;
  version: number;
  skins?: { emoji: string; tone: number | number[] }[];
}

/** Newer ones are empty boxes on phones of these years. */
const newest = 15.1;
const componentGroup = 2;
const require = createRequire(import.meta.url);
const sources = {
  en: require.resolve("emojibase-data/en/data.json"),
  zh: require.resolve("emojibase-data/zh/data.json"),
};
const target = path.join(import.meta.dirname, "../features/emoji/generated/emoji.json");

export function emojiJson(): string {
  const english = load("en");
  const chinese = new Map(load("zh").map((entry) => [entry.emoji, entry]));
  const rows = english
    .filter(({ group, version }) => group !== undefined && group !== componentGroup && version <= newest)
    .sort((a, b) => (a.order ?? 0) - (b.order ?? 0))
    .map(({ emoji, group, skins, label, tags = [] }) => {
      const other = chinese.get(emoji);
      return [emoji, group, skins ? 1 : 0, label, tags.join(" "), other?.label ?? "", (other?.tags ?? []).join(" ")];
    });
  return `[\n${rows.map((row) => JSON.stringify(row)).join(",\n")}\n]\n`;
}

/** Every emoji with its skin tones, for the test of our own arithmetic of tones. */
export function skinTones(): { emoji: string; tone: number; toned: string }[] {
  return load("en").flatMap(({ emoji, version, skins = [] }) =>
    version > newest
      ? []
      : skins.flatMap(({ emoji: toned, tone }) => (typeof tone === "number" ? [{ emoji, tone, toned }] : [])),
  );
}

function load(language: "en" | "zh"): Source[] {
  return JSON.parse(readFileSync(sources[language], "utf8")) as Source[];
}

if (import.meta.main) {
  mkdirSync(path.dirname(target), { recursive: true });
  writeFileSync(target, emojiJson());
}
