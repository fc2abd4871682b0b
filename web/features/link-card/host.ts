import { isLookAlike } from "../markdown/look-alike.ts";
import { decodePunycode } from "../markdown/punycode.ts";

export interface ShownHost {
  /** For people's eyes; in punycode where it could be taken for another one. */
  shown: string;
  lookAlike: boolean;
}

/** Where a link really leads. Undefined for what is no link that may be opened. */
export function hostOf(url: string): ShownHost | undefined {
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) return undefined;
  const { host, username, password } = new URL(url);
  if (username || password) return undefined;
  if (isLookAlike(host.replace(/:\d+$/, ""))) return { shown: host, lookAlike: true };
  return { shown: host.split(".").map(plain).join("."), lookAlike: false };
}

const plain = (label: string): string =>
  /^xn--/i.test(label) ? (decodePunycode(label.slice(4).toLowerCase()) ?? label) : label;
