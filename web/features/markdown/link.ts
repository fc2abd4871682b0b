import { checkLink } from "../../lib/links.ts";
import type { Inline, UnsafeReason } from "./types.ts";

/**
 * What an address in a message becomes: a link, or plain text with the reason. Nothing is ever fetched or previewed;
 * opening it is the reader's act, so what they see must be where they go.
 */
export function judgeLink(address: string, label = address): Inline {
  const text = label === address ? address : `${label} (${address})`;
  const unsafe = (reason: UnsafeReason): Inline => ({ kind: "unsafe", text, reason });
  // The URL parser drops some of what hides or reorders text, and the reader would not see it.
  if (!/^https?:\/\//i.test(address) || /[\p{Cc}\p{Cf}]/u.test(address)) return unsafe("scheme");
  const checked = checkLink(address);
  if (!checked) return { kind: "text", text };
  const problem = "problem" in checked ? checked.problem : undefined;
  // https://bank.example@evil.example goes to the second name.
  if (problem === "credentials") return unsafe("disguised");
  // No card is made for the reader's own network, but a plain address there is opened like others.
  if (problem !== undefined && problem !== "private") return unsafe("scheme");
  const url = new URL(address);
  if ("lookAlike" in checked ? checked.lookAlike : punycode.test(url.hostname)) return unsafe("look-alike");
  if (label === address) return { kind: "link", text, href: url.href };
  const promised = hostPromised(label);
  if (promised !== undefined && bare(promised) !== bare(url.hostname)) return unsafe("disguised");
  return { kind: "link", text: label, href: url.href, host: url.host };
}

const punycode = /(?:^|\.)xn--/;

/** The host a label seems to name: an address, or words that have the form of one. */
function hostPromised(label: string): string | undefined {
  const found = /(?:^|[\s/@(])((?:[\p{L}\p{N}-]{1,63}\.){1,8}\p{L}{2,24})(?=$|[\s/:?#)])/u.exec(label)?.[1];
  const host = found && `https://${found}`;
  return host && URL.canParse(host) ? new URL(host).hostname : undefined;
}

const bare = (host: string) => host.toLowerCase().replace(/^www\./, "");
