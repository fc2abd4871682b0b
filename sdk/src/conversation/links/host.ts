import { ens_normalize } from "@adraffy/ens-normalize";
import { decodePunycode } from "./punycode.ts";

/** Names that lead into one's own network or nowhere (RFC 6761, RFC 6762, RFC 8375, RFC 9476, and what routers use). */
const privateName =
  /(?:^|\.)(?:localhost|local|internal|intranet|lan|home|corp|private|test|example|invalid|onion|alt|home\.arpa)$/;

/** `host` as the URL parser gives it: lower case, punycode, IPv4 in dotted form, IPv6 in brackets. */
export function isPrivateHost(host: string): boolean {
  const name = host.replace(/\.$/, "");
  if (name.startsWith("[")) return isPrivateIpv6(name.slice(1, -1));
  const bytes = /^(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(name)?.slice(1).map(Number);
  if (bytes) return isPrivateIpv4(bytes);
  // A name without a dot is looked up in the own network first.
  return !name.includes(".") || privateName.test(name);
}

/** What is not global unicast (IANA special-purpose registry, RFC 6890). */
function isPrivateIpv4([a = 0, b = 0, c = 0]: number[]): boolean {
  if (a === 0 || a === 10 || a === 127 || a >= 224) return true;
  if (a === 100) return b >= 64 && b < 128;
  if (a === 169) return b === 254;
  if (a === 172) return b >= 16 && b < 32;
  if (a === 192) return b === 168 || (b === 0 && (c === 0 || c === 2));
  if (a === 198) return b === 18 || b === 19 || (b === 51 && c === 100);
  return a === 203 && b === 0 && c === 113;
}

/** Only 2000::/3 is global unicast; of it, 2001::/23 (Teredo and others), documentation and 6to4 may hide another address. */
function isPrivateIpv6(address: string): boolean {
  const [first = "", second = ""] = address.split(":");
  const head = Number.parseInt(first || "0", 16);
  if (head < 0x2000 || head > 0x3fff) return true;
  if (head === 0x2002 || head === 0x3fff) return true;
  const next = Number.parseInt(second || "0", 16);
  return head === 0x2001 && (next < 0x200 || next === 0xdb8);
}

/**
 * How a host is shown, and whether it may pass for another one. The rule for look-alikes is ENSIP-15's, the one that pseudonyms
 * obey: a label that mixes scripts, or of which every letter looks like one of another script, is suspicious. The latter
 * not below a top-level domain that is itself not Latin, where such words are at home; and top-level domains are nobody's choice.
 * Stricter than for pseudonyms: a sign that is no letter, digit, mark or hyphen may pass for the slash or the colon behind a
 * host, and so may some letters.
 * A suspicious host is shown in punycode, as browsers do. Letters that resemble each other within one script ("rn" and "m")
 * are not noticed.
 */
export function showHost(host: string): { shown: string; lookAlike: boolean } {
  const names = host.split(".");
  const isLatinEnd = !names.at(-1)?.startsWith("xn--");
  const labels = names.map((label, i) => {
    if (!label.startsWith("xn--")) return { text: label, lookAlike: false };
    const text = decodePunycode(label.slice(4));
    const isEnd = i === names.length - 1;
    const isWord = text !== undefined && word.test(text) && !slashLike.test(text);
    return { text: text ?? label, lookAlike: !isWord || (!isEnd && !isNormal(text, isLatinEnd)) };
  });
  const lookAlike = labels.some((label) => label.lookAlike);
  return { shown: lookAlike ? host : labels.map(({ text }) => text).join("."), lookAlike };
}

const word = /^[\p{L}\p{N}\p{M}-]+$/u;
/** Strokes of Chinese and Japanese letters, where no word in those scripts goes on; after Chromium's rule for hosts. */
const slashLike = /[a-z0-9][ノソゾン丶丿](?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー])/u;

function isNormal(label: string, isLatinEnd: boolean): boolean {
  try {
    return ens_normalize(label) === label;
  } catch (error) {
    return !isLatinEnd && error instanceof Error && error.message.startsWith("whole-script confusable");
  }
}
