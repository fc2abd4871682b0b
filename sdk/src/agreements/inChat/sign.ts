import { readDeadline } from "../../chain/actions/readDeadline.ts";
import type { Core } from "../../client/core.ts";
import { inOrder } from "../../conversation/send/inOrder.ts";
import { sendContent } from "../../conversation/send/sendContent.ts";
import { shownMessage } from "../../conversation/view.ts";
import { SkrumbleError } from "../../errors/index.ts";
import type { Message, WalletSigner } from "../../types/client.ts";
import type { ConversationId, MessageId } from "../../types/primitives.ts";
import { retractAgreement } from "../retractAgreement.ts";
import { signWith } from "../signWith.ts";
import { termsOf, termsTypedData } from "../termsOf.ts";
import { findConcluded } from "./concluded.ts";
import { noteSigned } from "./copies.ts";
import { checkDraftHere } from "./problems.ts";
import { openVersion } from "./propose.ts";
import { partyOf, readSaid } from "./said.ts";
import { isGood, isRetracted } from "./signatures.ts";

/** @throws SkrumbleError see ConversationAgreements.sign */
export async function signAgreement(
  core: Core,
  id: ConversationId,
  agreement: MessageId,
  { version, wallet }: { version: MessageId; wallet: WalletSigner },
): Promise<Message> {
  const { newest } = await openVersion(core, id, agreement, version);
  const { draft } = newest;
  const party = partyOf(draft, core.self.identity.publicId);
  if (!party) throw new SkrumbleError("AGREEMENT_NOT_YOURS");
  if (wallet.address.toLowerCase() !== party.wallet) throw new SkrumbleError("WALLET_WRONG_ACCOUNT");
  if (draft.signBy * 1000 <= core.now()) throw new SkrumbleError("AGREEMENT_TOO_LATE");
  await checkDraftHere(core, id, draft);
  if (await isRetracted(core.chain, newest, party.wallet, core.signal)) throw new SkrumbleError("AGREEMENT_RETRACTED");
  // Nobody is asked for what could not be told in the conversation.
  await inOrder(core, id, async () => undefined);
  const typed = termsTypedData(termsOf(draft), core.chain.network);
  const signature = await signWith(core.chain, wallet, typed, core.signal);
  // An account with code (EIP-7702) has to take it: what its key signs counts for nothing then.
  const signed = { message: version, version: newest, party, wallet: party.wallet, signature, at: core.now() };
  if (!(await isGood(core.chain, signed, core.signal))) throw new SkrumbleError("AGREEMENT_SIGNATURE_INVALID");
  await noteSigned(core, draft, { conversationId: id, agreement, message: version });
  const step = { did: "signed", of: agreement, version, wallet: party.wallet, signature } as const;
  const said = await sendContent(core, id, { kind: "agreement", step });
  return shownMessage(core, id, said);
}

/** @throws SkrumbleError see ConversationAgreements.decline */
export async function declineAgreement(
  core: Core,
  id: ConversationId,
  agreement: MessageId,
  note?: string,
): Promise<Message> {
  const said = await readSaid(core, id, agreement);
  if (!partyOf(said.newest.draft, core.self.identity.publicId)) throw new SkrumbleError("AGREEMENT_NOT_YOURS");
  if (await findConcluded(core, id, said)) throw new SkrumbleError("AGREEMENT_EXISTS");
  const step = { did: "declined", of: agreement, note } as const;
  const message = await sendContent(core, id, { kind: "agreement", step });
  return shownMessage(core, id, message);
}

/** @throws SkrumbleError see ConversationAgreements.retract */
export async function retractSignature(
  core: Core,
  id: ConversationId,
  agreement: MessageId,
  version: MessageId,
  wallet: WalletSigner,
): Promise<void> {
  const found = (await readSaid(core, id, agreement)).texts.get(version);
  if (!found) throw new SkrumbleError("MESSAGE_UNKNOWN");
  const party = partyOf(found.draft, core.self.identity.publicId);
  if (!party) throw new SkrumbleError("AGREEMENT_NOT_YOURS");
  if (wallet.address.toLowerCase() !== party.wallet) throw new SkrumbleError("WALLET_WRONG_ACCOUNT");
  const deadline = await readDeadline(core.chain, core.now(), core.signal);
  await retractAgreement(core.chain, termsOf(found.draft), wallet, deadline, { signal: core.signal });
}
