import type { Core } from "../../client/core.ts";
import { sendContent } from "../../conversation/send/sendContent.ts";
import { shownMessage } from "../../conversation/view.ts";
import { randomBytes, toHex } from "../../crypto/bytes.ts";
import { SkrumbleError } from "../../errors/index.ts";
import type { AgreementDraft } from "../../types/agreements.ts";
import type { Message } from "../../types/client.ts";
import type { ConversationId, MessageId } from "../../types/primitives.ts";
import { compareDrafts } from "../compareDrafts.ts";
import { draftToJson, parseDraft } from "../parseDraft.ts";
import { findConcluded } from "./concluded.ts";
import { checkDraftHere } from "./problems.ts";
import { partyOf, readSaid, type Said } from "./said.ts";

/** @throws SkrumbleError see ConversationAgreements.propose */
export async function proposeAgreement(core: Core, id: ConversationId, input: AgreementDraft): Promise<Message> {
  const draft = parseDraft({ ...input, salt: toHex(randomBytes(32)) });
  await checkProposal(core, id, draft);
  const step = { did: "proposed", draft: draftToJson(draft) } as const;
  const said = await sendContent(core, id, { kind: "agreement", step });
  return shownMessage(core, id, said);
}

/** @throws SkrumbleError see ConversationAgreements.change */
export async function changeAgreement(
  core: Core,
  id: ConversationId,
  agreement: MessageId,
  seen: MessageId,
  input: AgreementDraft,
): Promise<Message> {
  const before = await openVersion(core, id, agreement, seen);
  const draft = parseDraft({ ...input, salt: toHex(randomBytes(32)) });
  compareDrafts(before.newest.draft, draft);
  await checkProposal(core, id, draft);
  const step = { did: "changed", of: agreement, before: seen, draft: draftToJson(draft) } as const;
  const said = await sendContent(core, id, { kind: "agreement", step });
  return shownMessage(core, id, said);
}

/**
 * An agreement that can still be changed and signed, and of which this is the version that counts.
 * @throws SkrumbleError AGREEMENT_MOVED_ON, MESSAGE_UNKNOWN, and what reads throw
 */
export async function openVersion(
  core: Core,
  id: ConversationId,
  agreement: MessageId,
  seen: MessageId,
): Promise<Said> {
  const said = await readSaid(core, id, agreement);
  const isOver = said.declined !== undefined || (await findConcluded(core, id, said)) !== undefined;
  if (isOver || said.newest !== said.texts.get(seen)) throw new SkrumbleError("AGREEMENT_MOVED_ON");
  return said;
}

async function checkProposal(core: Core, id: ConversationId, draft: AgreementDraft): Promise<void> {
  if (!partyOf(draft, core.self.identity.publicId)) throw new SkrumbleError("AGREEMENT_NOT_YOURS");
  if (draft.signBy * 1000 <= core.now()) throw new SkrumbleError("AGREEMENT_TOO_LATE");
  await checkDraftHere(core, id, draft);
}
