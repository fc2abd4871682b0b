import { fromBase64Url, fromHex, toBase64Url, toHex, toHexString } from "../../crypto/bytes.ts";
import { SkrumbleError } from "../../errors/index.ts";
import type { ConversationId, PublicId } from "../../types/primitives.ts";
import type { Thread } from "../threads.ts";
import { isAdmin, maxGroupName, peopleOf } from "./state.ts";

/** Where a group's link leads. */
export interface GroupLink {
  name: string;
  conversationId: ConversationId;
  /** Secret, 16 bytes in hex. */
  invite: string;
  /** Who can let somebody in. */
  admins: PublicId[];
}

const marker = "#/join/";
const maxAdmins = 3;

/**
 * `<origin>/#/join/<name>~<base64url(conversation 16 ‖ secret 16 ‖ 1 to 3 public IDs of 32)>`. All of it behind the #, which
 * no browser sends to a server. @throws SkrumbleError GROUP_CLOSED
 */
export function formatGroupLink(origin: string, { id, state, left }: Thread, own: PublicId): string {
  if (!state.invite || state.join === "closed" || left) throw new SkrumbleError("GROUP_CLOSED");
  const admins = peopleOf(state).filter((publicId) => isAdmin(state, publicId));
  // Whoever hands the link out is asked first, if they can let people in.
  admins.sort((a, b) => Number(b === own) - Number(a === own));
  const parts = [
    fromHex(id),
    fromHex(state.invite),
    ...admins.slice(0, maxAdmins).map((publicId) => fromHex(publicId)),
  ];
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return `${origin.replace(/\/+$/, "")}/${marker}${encodeURIComponent(state.name ?? "")}~${toBase64Url(bytes)}`;
}

/** Reads a link, or undefined when the text is not one. @throws SkrumbleError LINK_INVALID for a damaged one */
export function parseGroupLink(text: string): GroupLink | undefined {
  const at = text.indexOf(marker);
  if (at < 0) return undefined;
  const rest = text.slice(at + marker.length).trim();
  const split = rest.lastIndexOf("~");
  try {
    const name = decodeURIComponent(rest.slice(0, Math.max(0, split)));
    const bytes = fromBase64Url(rest.slice(split + 1));
    const count = (bytes.length - 32) / 32;
    if (split >= 0 && name.length <= maxGroupName && Number.isInteger(count) && count >= 1 && count <= maxAdmins) {
      return {
        name,
        conversationId: toHexString(bytes.slice(0, 16)),
        invite: toHexString(bytes.slice(16, 32)),
        admins: Array.from({ length: count }, (_, i) => toHex(bytes.slice(32 + i * 32, 64 + i * 32)) as PublicId),
      };
    }
  } catch {
    // Told below, like every other damage.
  }
  throw new SkrumbleError("LINK_INVALID");
}
