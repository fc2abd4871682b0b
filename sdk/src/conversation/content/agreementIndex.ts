import type { Vault, VaultOp } from "../../store/index.ts";
import type { ConversationId, Hex, MessageId } from "../../types/primitives.ts";
import { agreementOf } from "./agreement.ts";
import type { HistoryMessage } from "./types.ts";

/** Which agreements there are, and in each conversation which messages belong to which. */

const collection = "agreements";
const messagesAt = (conversationId: ConversationId): string => `agreements ${conversationId}`;
const keyOf = (conversationId: ConversationId, id: MessageId): string => `${conversationId} ${id}`;

export interface AgreementPlace {
  conversationId: ConversationId;
  agreement: MessageId;
}

export interface AgreementRow {
  agreement: MessageId;
  message: MessageId;
  /** Place in the local history. */
  number: number;
  /** Of the text that it brings. */
  salt?: Hex;
}

/** The draft was read when it came: it is JSON, whatever this program makes of it now. */
const saltOf = (draft: string): Hex => JSON.parse(draft).salt;

/** To be written together with a message. */
export function agreementOps(conversationId: ConversationId, { id, number, body }: HistoryMessage): VaultOp[] {
  if (body.type !== "agreement") return [];
  const { step } = body;
  const agreement = agreementOf(id, body);
  const row: AgreementRow = {
    ...{ agreement, message: id, number },
    ...("draft" in step ? { salt: saltOf(step.draft) } : {}),
  };
  const place: AgreementPlace = { conversationId, agreement };
  return [
    { collection: messagesAt(conversationId), key: id, value: row },
    ...(step.did === "proposed" ? [{ collection, key: keyOf(conversationId, id), value: place }] : []),
  ];
}

/** To be written when a message goes, whatever it was. */
export const forgetAgreement = (conversationId: ConversationId, id: MessageId): VaultOp[] => [
  { collection: messagesAt(conversationId), key: id, delete: true },
  { collection, key: keyOf(conversationId, id), delete: true },
];

/** Of all conversations, in no order. */
export const agreementPlaces = async (vault: Pick<Vault, "range">): Promise<AgreementPlace[]> =>
  (await vault.range<AgreementPlace>(collection, { skipDamaged: true })).map(({ value }) => value);

/** Of one conversation, in no order. */
export const agreementRows = async (
  vault: Pick<Vault, "range">,
  conversationId: ConversationId,
): Promise<AgreementRow[]> =>
  (await vault.range<AgreementRow>(messagesAt(conversationId), { skipDamaged: true })).map(({ value }) => value);
