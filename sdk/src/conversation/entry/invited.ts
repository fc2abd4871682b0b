import type { Core } from "../../client/core.ts";
import type { ConversationId, Millis, PublicId } from "../../types/primitives.ts";

/** Somebody this device has asked into a group, and who has not come in yet. */
export interface Invited {
  nonce: string;
  conversationId: ConversationId;
  publicId: PublicId;
  at: Millis;
}

const collection = "invited";

export const invitedOp = (invited: Invited) => ({ collection, key: invited.nonce, value: invited });
export const forgetInvited = (nonce: string) => ({ collection, key: nonce, delete: true as const });
export const findInvited = (core: Core, nonce: string): Promise<Invited | undefined> =>
  core.vault.get(collection, nonce);

/** Who is expected in a conversation. */
export async function invitedTo(core: Core, id: ConversationId): Promise<Invited[]> {
  const rows = await core.vault.range<Invited>(collection);
  return rows.map(({ value }) => value).filter(({ conversationId }) => conversationId === id);
}
