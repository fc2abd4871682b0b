import { isLookAlike } from "./look-alike.ts";
import type { Inline } from "./types.ts";

const longest = 2_048;

/**
 * What an address in a message becomes: a link, or plain text with the reason. Nothing is ever fetched or previewed;
 * opening it is the reader's act, so what they see must be where they go.
 */
export function judgeLink(address: string, label = address): Inline {
  const unsafe = (reason: "scheme" | "look-alike" | "disguised"): Inline => ({
    kind: "unsafe",
    text: label === address ? address : `${label} (${address})`,
    reason,
  });
  const host = hostAsWritten(address);
  const url = address.length <= longest ? parse(address) : undefined;
  if (!url || host === undefined) return unsafe("scheme");
  // https://bank.example@evil.example goes to the second name.
  if (url.username || url.password) return unsafe("disguised");
  if (isLookAlike(host) || isLookAlike(url.hostname)) return unsafe("look-alike");
  if (label === address) return { kind: "link", text: label, href: url.href };
  const promised = hostPromised(label);
  if (promised !== undefined && bare(promised) !== bare(url.hostname)) return unsafe("disguised");
  return { kind: "link", text: label, href: url.href, host: url.host };
}

function parse(address: string): URL | undefined {
  if (!/^https?:\/\//i.test(address) || /[\p{Cc}\p{Cf}]/u.test(address)) return undefined;
  return URL.canParse(address) ? new URL(address) : undefined;
}

function hostAsWritten(address: string): string | undefined {
  return /^[a-z]+:\/\/([^/?#\\]*)/i.exec(address)?.[1]?.replace(/^[^@]*@|:\d+$/g, "");
}

/** The host a label seems to name: an address, or words that have the form of one. */
function hostPromised(label: string): string | undefined {
  const found = /(?:^|[\s/@(])((?:[\p{L}\p{N}-]{1,63}\.){1,8}\p{L}{2,24})(?=$|[\s/:?#)])/u.exec(label)?.[1];
  const host = found && `https://${found}`;
  return host && URL.canParse(host) ? new URL(host).hostname : undefined;
}

const bare = (host: string) => host.toLowerCase().replace(/^www\./, "");
