export interface TextPart {
  key: string;
  text: string;
  href?: string;
}

/** Web addresses become links; only http(s), never fetched or previewed, so opening one is the reader's act. */
export function linkify(text: string): TextPart[] {
  const parts: TextPart[] = [];
  let end = 0;
  for (const match of text.matchAll(/https?:\/\/[^\s<>"'，。！？、；：（）《》]+/gi)) {
    const raw = match[0].replace(/[.,;:!?)\]]+$/, "");
    const href = toHref(raw);
    if (!href) continue;
    if (match.index > end) parts.push({ key: `t${end}`, text: text.slice(end, match.index) });
    parts.push({ key: `l${match.index}`, text: raw, href });
    end = match.index + raw.length;
  }
  if (end < text.length || parts.length === 0) parts.push({ key: `t${end}`, text: text.slice(end) });
  return parts;
}

function toHref(raw: string): string | undefined {
  try {
    const url = new URL(raw);
    return url.protocol === "https:" || url.protocol === "http:" ? url.href : undefined;
  } catch {
    return undefined;
  }
}
