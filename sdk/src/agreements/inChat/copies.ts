import type { Core } from "../../client/core.ts";
import type { AgreementPlace, AgreementRow } from "../../conversation/content/agreementIndex.ts";
import type { HistoryMessage } from "../../conversation/content/types.ts";
import type { ConversationId, Hex, MessageId } from "../../types/primitives.ts";

/** Where this person signed a text, by its salt. */
type Signed = AgreementPlace & { message: MessageId };

const collection = "agreement signatures";

/**
 * With the same salt the same text is the same agreement on chain, also under another name or in another conversation. Where this person
 * has signed it is where it counts: not where it came here first, which whoever copies it can choose. As long as they have not signed it
 * anywhere, nothing depends on which of them counts.
 * @returns messages of this agreement whose text this person has signed elsewhere, and not here
 */
export async function copiesAmong(
  { vault, threads, self }: Core,
  conversationId: ConversationId,
  rows: readonly AgreementRow[],
  messages: readonly HistoryMessage[],
): Promise<Set<MessageId>> {
  const mine = new Set(
    messages.flatMap(({ from, body }) =>
      from === self.identity.publicId && body.type === "agreement" && body.step.did === "signed"
        ? [body.step.version]
        : [],
    ),
  );
  const isHere = async ({ conversationId: where, message }: Signed) =>
    (await threads.message(where, message))?.body.type === "agreement";
  const check = async ({ agreement, message, salt }: AgreementRow): Promise<MessageId[]> => {
    if (salt === undefined) return [];
    const found = await vault.get<Signed>(collection, salt);
    const elsewhere = found && (found.conversationId !== conversationId || found.agreement !== agreement);
    if (!mine.has(message)) return elsewhere && (await isHere(found)) ? [message] : [];
    if (!found || !(await isHere(found))) await noteSigned({ vault }, salt, { conversationId, agreement, message });
    return [];
  };
  return new Set((await Promise.all(rows.map(check))).flat());
}

/** A text that this person has signed. */
export const noteSigned = ({ vault }: Pick<Core, "vault">, salt: Hex, at: Signed): Promise<void> =>
  vault.write([{ collection, key: salt, value: at }]);
