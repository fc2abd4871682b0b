import type { Contact, PublicId } from "../../lib/types.ts";
import { Avatar } from "../../ui/avatar.tsx";

interface FaceProps {
  contact: { publicId: PublicId } & Partial<Pick<Contact, "verified" | "problem">>;
  size: number;
  className?: string;
}

/** Somebody's avatar with what is known of their keys around it. */
export function Face({ contact, ...rest }: FaceProps) {
  const ring = contact.problem ? "changed" : contact.verified ? "verified" : undefined;
  return <Avatar seed={contact.publicId} ring={ring} {...rest} />;
}
