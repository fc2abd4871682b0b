import { readIdentity } from "../../chain/actions/readIdentity.ts";
import type { Core } from "../../client/core.ts";
import { SkrumbleError } from "../../errors/index.ts";
import type { AgreementParty } from "../../types/agreements.ts";
import type { Address, PublicId } from "../../types/primitives.ts";

/** @throws SkrumbleError see ConversationAgreements.party */
export async function readParty(core: Core, publicId: PublicId): Promise<Omit<AgreementParty, "role">> {
  const found = await readIdentity(core.chain, { publicId }, { quorum: true, signal: core.signal });
  if (!found) throw new SkrumbleError("PERSON_NOT_FOUND");
  if (found.revoked) throw new SkrumbleError("IDENTITY_REVOKED");
  return { publicId, pseudonym: found.name, wallet: found.owner.toLowerCase() as Address };
}
