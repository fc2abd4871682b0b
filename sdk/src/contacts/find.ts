import { readIdentity } from "../chain/actions/readIdentity.ts";
import type { Core } from "../client/core.ts";
import { SkrumbleError } from "../errors/index.ts";
import { parseLink } from "../identity/link.ts";
import { normalizeName } from "../identity/name.ts";
import type { Contact } from "../types/client.ts";
import type { PublicId } from "../types/primitives.ts";
import { publicContact } from "./book.ts";

export interface Found {
  publicId: PublicId;
  pseudonym: string;
  /** What the link calls this person, where the registry calls them something else. */
  linkName?: string;
  known?: Contact;
}

const maxQuery = 2048;

/**
 * Looks somebody up by pseudonym, link or the text of a QR code. Two operators must give the same answer.
 * @throws SkrumbleError LINK_INVALID, NAME_* (form), NAME_NOT_FOUND, PERSON_NOT_FOUND, IDENTITY_REVOKED,
 * IDENTITY_CHANGED (the link is older than the person's keys), CONTACT_IS_SELF, QUORUM_FAILED, CHAIN_UNREACHABLE
 */
export async function findContact(
  core: Pick<Core, "chain" | "book" | "self" | "signal">,
  query: string,
): Promise<Found> {
  if (query.length > maxQuery) throw new SkrumbleError("LINK_INVALID");
  const link = parseLink(query);
  if (!link && /^\s*[a-z]+:\/\//i.test(query)) throw new SkrumbleError("LINK_INVALID");
  const by = link ? { publicId: link.publicId } : { name: normalizeName(query) };
  const record = await readIdentity(core.chain, by, { quorum: true, signal: core.signal });
  if (!record) throw new SkrumbleError(link ? "PERSON_NOT_FOUND" : "NAME_NOT_FOUND");
  if (record.revoked) throw new SkrumbleError("IDENTITY_REVOKED");
  const { publicId, name: pseudonym } = record;
  if (publicId === core.self.identity.publicId) throw new SkrumbleError("CONTACT_IS_SELF");
  if (link && publicId !== link.publicId) {
    // The registry leads from old keys to the new ones; whether those are still the same person's, only they can say.
    const details = "The link holds keys that were replaced since. Ask the person for a new link.";
    throw new SkrumbleError("IDENTITY_CHANGED", { details, values: { pseudonym } });
  }
  const known = core.book.get(publicId);
  const linkName = link && link.pseudonym !== pseudonym ? { linkName: link.pseudonym } : {};
  return { publicId, pseudonym, ...linkName, ...(known ? { known: publicContact(known) } : {}) };
}
