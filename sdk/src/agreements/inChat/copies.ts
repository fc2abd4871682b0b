import type { Core } from "../../client/core.ts";
import type { AgreementPlace, AgreementRow } from "../../conversation/content/agreementIndex.ts";
import type { HistoryMessage } from "../../conversation/content/types.ts";
import { SkrumbleError } from "../../errors/index.ts";
import type { AgreementDraft } from "../../types/agreements.ts";
import type { ConversationId, MessageId } from "../../types/primitives.ts";
import { readDraft } from "../parseDraft.ts";
import { idOf } from "./signatures.ts";

/** Where this person signed a text. */
type Signed = AgreementPlace & { message: MessageId };

/** By the text's id on chain. */
const texts = "agreement texts signed";
/** By salt, whatever the text: most of what comes has another one, and its id need not be worked out. */
const salts = "agreement signatures";

/**
 * With the same salt the same text is the same agreement on chain, also under another name or in another conversation. Where this person
 * has signed it is where it counts: not where it came here first, which whoever copies it can choose. As long as they have not signed it
 * anywhere, nothing depends on which of them counts. Another text is another agreement, though somebody gave it the same salt.
 * @returns messages of this agreement whose text this person has signed elsewhere, and not here
 */
export async function copiesAmong(
  core: Core,
  conversationId: ConversationId,
  rows: readonly AgreementRow[],
  messages: readonly HistoryMessage[],
): Promise<Set<MessageId>> {
  const { vault, threads, self } = core;
  const mine = new Set(
    messages.flatMap(({ from, body }) =>
      from === self.identity.publicId && body.type === "agreement" && body.step.did === "signed"
        ? [body.step.version]
        : [],
    ),
  );
  const drafts = new Map(
    messages.flatMap(({ id, body }) =>
      body.type === "agreement" && "draft" in body.step ? [[id, body.step.draft] as const] : [],
    ),
  );
  const isHere = async ({ conversationId: where, message }: Signed) =>
    (await threads.message(where, message))?.body.type === "agreement";
  const check = async ({ agreement, message, salt }: AgreementRow): Promise<MessageId[]> => {
    const json = drafts.get(message);
    if (salt === undefined || json === undefined) return [];
    if (!mine.has(message) && !(await vault.get(salts, salt))) return [];
    const draft = readable(json);
    if (!draft) return [];
    const found = await vault.get<Signed>(texts, idOf(core.chain, { draft }));
    const elsewhere = found && (found.conversationId !== conversationId || found.agreement !== agreement);
    if (!mine.has(message)) return elsewhere && (await isHere(found)) ? [message] : [];
    if (!found || !(await isHere(found))) await noteSigned(core, draft, { conversationId, agreement, message });
    return [];
  };
  return new Set((await Promise.all(rows.map(check))).flat());
}

/** A text that this person has signed. */
export const noteSigned = (
  { vault, chain }: Pick<Core, "vault" | "chain">,
  draft: AgreementDraft,
  at: Signed,
): Promise<void> =>
  vault.write([
    { collection: texts, key: idOf(chain, { draft }), value: at },
    { collection: salts, key: draft.salt, value: true },
  ]);

/** Undefined for what another version of this program kept: it is nobody's copy here. */
function readable(json: string): AgreementDraft | undefined {
  try {
    return readDraft(json);
  } catch (error) {
    if (error instanceof SkrumbleError) return undefined;
    throw error;
  }
}
