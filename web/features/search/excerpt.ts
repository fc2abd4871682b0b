/** Places in a text, [from, to) in UTF-16 units, in order and apart. */
export type Ranges = readonly (readonly [from: number, to: number])[];

/** Shown before the first match, so that it stands in the first lines however narrow the list is. */
const before = 24;

/** The part of a long text around its first match, with the ranges moved along. What came from outside is put in order. */
export function excerpt(text: string, ranges: Ranges, most = 140): { text: string; ranges: [number, number][] } {
  const first = ranges[0]?.[0] ?? 0;
  let from = first <= before ? 0 : first - before;
  const space = text.slice(from, from + 16).search(/\s/);
  if (from > 0 && space >= 0) from += space + 1;
  // Never half a character.
  if (/^[\udc00-\udfff]/.test(text.slice(from))) from++;
  let to = Math.min(text.length, from + most);
  if (/[\ud800-\udbff]$/.test(text.slice(0, to)) && to < text.length) to--;
  const lead = from > 0 ? "…" : "";
  const shift = lead.length - from;
  const kept: [number, number][] = [];
  let end = from;
  for (const [start, stop] of [...ranges].sort((a, b) => a[0] - b[0])) {
    const begin = Math.max(start, end);
    const close = Math.min(stop, to);
    if (!(begin < close)) continue;
    kept.push([begin + shift, close + shift]);
    end = close;
  }
  return { text: lead + text.slice(from, to) + (to < text.length ? "…" : ""), ranges: kept };
}
