import type { HistoryMessage } from "../../sdk/src/conversation/content/types.ts";

const english =
  "the bookshop around corner opens at nine on monday and closes when last reader leaves with a coffee".split(" ");
const chinese = [..."我们明天下午在那家旧书店门口见面然后一起去喝咖啡看电影吧别忘了带上雨伞"];

/** The same history in every run: a bench compares. */
export function textOf(n: number): string {
  const pick = (words: readonly string[], salt: number) => words[(n * 7919 + salt * 104_729) % words.length] as string;
  const length = 6 + (n % 12);
  return n % 2
    ? Array.from({ length: length * 2 }, (_, i) => pick(chinese, i + n)).join("")
    : `${Array.from({ length }, (_, i) => pick(english, i + n)).join(" ")} ${n % 1000 === 0 ? `rare${n}` : ""}`;
}

/** The `n`th message, from 1. */
export const messageOf = (n: number): HistoryMessage => ({
  id: n.toString(16).padStart(32, "0"),
  number: n,
  from: `0x${"ab".repeat(32)}`,
  outgoing: n % 3 === 0,
  at: 1_700_000_000_000 + n * 60_000,
  body: { type: "text", text: textOf(n) },
  delivery: "read",
});
