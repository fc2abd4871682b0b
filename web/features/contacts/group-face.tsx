import { useMemo } from "react";
import type { ConversationId, GroupView } from "../../lib/types.ts";
import { Avatar } from "../../ui/avatar.tsx";
import { cx } from "../../ui/cx.ts";

interface GroupFaceProps {
  id: ConversationId;
  picture?: GroupView["picture"];
  size: number;
  className?: string;
}

/** A group's picture; without one, a face grown from its id. Decorative beside the name. */
export function GroupFace({ id, picture, size, className }: GroupFaceProps) {
  const address = useMemo(() => picture && addressOf(picture), [picture]);
  if (!address) return <Avatar seed={id} size={size} {...(className ? { className } : {})} />;
  return (
    <span
      aria-hidden
      className={cx("inline-block shrink-0 rounded-full bg-raised bg-cover bg-center", className)}
      style={{ width: size, height: size, backgroundImage: `url(${address})` }}
    />
  );
}

/**
 * The picture as an address of its own. Every view of a group brings the same bytes anew: an address of a Blob would change
 * each time, and the old one be gone while it is still shown.
 */
function addressOf(bytes: Uint8Array): string {
  const type = bytes[0] === 0xff ? "image/jpeg" : "image/webp";
  return `data:${type};base64,${btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""))}`;
}
