import { isPrivateHost, showHost } from "./links/host.ts";

/** Of a URL in a message, in UTF-16 code units. */
export const maxUrl = 2048;

export interface CheckedLink {
  /** As the URL standard writes it. */
  url: string;
  /** In punycode: what is really opened. */
  host: string;
  /** For people's eyes. */
  shown: string;
  /** The host mixes scripts or imitates another script: warn before it is opened. */
  lookAlike: boolean;
}

export interface FoundLink extends CheckedLink {
  /** Where it stands in the text: half open, in UTF-16 code units. */
  start: number;
  end: number;
}

export type LinkProblem = "invalid" | "too-long" | "scheme" | "credentials" | "private";

/** Whether a link may be shown as one. Nothing is looked up and nothing is fetched. */
export function checkLink(text: string): CheckedLink | { problem: LinkProblem } {
  if (text.length > maxUrl) return { problem: "too-long" };
  const url = parse(text);
  if (!url) return { problem: "invalid" };
  if (url.protocol !== "https:" && url.protocol !== "http:") return { problem: "scheme" };
  // "https://bank.com@evil.net" leads to evil.net.
  if (url.username !== "" || url.password !== "") return { problem: "credentials" };
  if (isPrivateHost(url.hostname)) return { problem: "private" };
  if (url.href.length > maxUrl) return { problem: "too-long" };
  return { url: url.href, host: url.hostname, ...showHost(url.hostname) };
}

/** Spaces, quotes, brackets and CJK punctuation end a link; so do characters that reorder or hide text. */
const candidate =
  /https?:\/\/[^\s\p{Cc}\p{Cf}<>"'`{}|\\^\u3000-\u303f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65]+/giu;
/** At most so many candidates are looked at. */
const maxCandidates = 32;

/** The first good http or https link of a text: the one a card is made for. */
export function findLink(text: string): FoundLink | undefined {
  let seen = 0;
  for (const match of text.matchAll(candidate)) {
    if (++seen > maxCandidates) return undefined;
    if (match[0].length > maxUrl) continue;
    const written = withoutTail(match[0]);
    const checked = checkLink(written);
    if ("url" in checked) return { ...checked, start: match.index, end: match.index + written.length };
  }
  return undefined;
}

/** The end of a sentence is no part of the link, nor is a closing bracket that was opened before it. */
function withoutTail(written: string): string {
  let end = written.length;
  for (; end > 0; end--) {
    const last = written[end - 1] as string;
    if (/[.,;:!?*_~]/.test(last)) continue;
    const opening = last === ")" ? "(" : last === "]" ? "[" : undefined;
    if (!opening || written.slice(0, end).split(last).length <= written.slice(0, end).split(opening).length) break;
  }
  return written.slice(0, end);
}

function parse(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}
