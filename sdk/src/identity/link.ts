import { fromBase64Url, fromHex, toBase64Url, toHex } from "../crypto/bytes.ts";
import { SkrumbleError } from "../errors/index.ts";
import type { PublicId } from "../types/primitives.ts";
import { isNormalName } from "./name.ts";

export interface LinkTarget {
  pseudonym: string;
  publicId: PublicId;
}

const marker = "#/add/";

/** `<origin>/#/add/<pseudonym>~<publicId>`. Everything personal is behind the #, which no browser sends to a server. */
export function formatLink(origin: string, { pseudonym, publicId }: LinkTarget): string {
  return `${origin.replace(/\/+$/, "")}/${marker}${encodeURIComponent(pseudonym)}~${toBase64Url(fromHex(publicId))}`;
}

/** Reads a link, or undefined when the text is not one. @throws SkrumbleError LINK_INVALID for a damaged one */
export function parseLink(text: string): LinkTarget | undefined {
  const at = text.indexOf(marker);
  if (at < 0) return undefined;
  const rest = text.slice(at + marker.length).trim();
  const split = rest.lastIndexOf("~");
  try {
    const pseudonym = decodeURIComponent(rest.slice(0, split));
    const key = fromBase64Url(rest.slice(split + 1));
    if (split > 0 && key.length === 32 && isNormalName(pseudonym)) return { pseudonym, publicId: toHex(key) };
  } catch {
    // Told below, like every other damage.
  }
  throw new SkrumbleError("LINK_INVALID");
}
