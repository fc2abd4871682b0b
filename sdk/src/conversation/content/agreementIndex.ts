import type { Vault, VaultOp } from "../../store/index.ts";
import type { ConversationId, MessageId } from "../../types/primitives.ts";
import { agreementOf } from "./agreement.ts";
import type { HistoryMessage } from "./types.ts";

/** Which messages belong to which agreement, over all conversations. */

const collection = "agreements";

export interface AgreementRow {
  conversationId: ConversationId;
  agreement: MessageId;
  message: MessageId;
}

const keyOf = (conversationId: ConversationId, id: MessageId): string => `${conversationId} ${id}`;

/** To be written together with a message. */
export function agreementOps(conversationId: ConversationId, { id, body }: HistoryMessage): VaultOp[] {
  if (body.type !== "agreement") return [];
  const value: AgreementRow = { conversationId, agreement: agreementOf(id, body), message: id };
  return [{ collection, key: keyOf(conversationId, id), value }];
}

/** To be written when a message goes, whatever it was. */
export const forgetAgreement = (conversationId: ConversationId, id: MessageId): VaultOp => ({
  ...{ collection, key: keyOf(conversationId, id) },
  delete: true,
});

/** In no order. */
export const agreementRows = async (vault: Pick<Vault, "range">): Promise<AgreementRow[]> =>
  (await vault.range<AgreementRow>(collection, { skipDamaged: true })).map(({ value }) => value);
