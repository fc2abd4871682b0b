import { readBalance } from "../../chain/actions/readBalance.ts";
import { readAgreedHead } from "../../chain/actions/readBlock.ts";
import { readDeadline } from "../../chain/actions/readDeadline.ts";
import type { Core } from "../../client/core.ts";
import { actSchema, type StoredAct, storedAct } from "../../conversation/content/agreement.ts";
import type { HistoryMessage } from "../../conversation/content/types.ts";
import { newMessageId } from "../../conversation/send/sendContent.ts";
import { shownMessage } from "../../conversation/view.ts";
import { randomBytes, toHex } from "../../crypto/bytes.ts";
import { SkrumbleError } from "../../errors/index.ts";
import { wasNotSent } from "../../identity/wallet.ts";
import { sameAddress } from "../../packets/verified.ts";
import type { MilestoneAct } from "../../types/agreed.ts";
import type { AgreementDraft } from "../../types/agreements.ts";
import type { Message, WalletSigner } from "../../types/client.ts";
import type { Address, ConversationId, MessageId } from "../../types/primitives.ts";
import { actorOf } from "./acts.ts";
import { askForAct } from "./askForAct.ts";
import { findConcluded } from "./concluded.ts";
import { finishAct, isOver } from "./finishAct.ts";
import { holdAct, wakeAgreements } from "./follow.ts";
import { missingFor } from "./missing.ts";
import { type ActInHand, dropAct, isUntold, keepAct, reserveAct } from "./records.ts";
import { readSaid } from "./said.ts";

/** Seconds that a consent waits for the other side's, besides the hour of any signature. */
const forConsent = 7 * 86_400;

/** @throws SkrumbleError see ConversationAgreements.act */
export async function actOnAgreement(
  core: Core,
  conversationId: ConversationId,
  agreement: MessageId,
  input: MilestoneAct,
  by: ActBy,
): Promise<Message | undefined> {
  const said = await readSaid(core, conversationId, agreement);
  const concluded = await findConcluded(core, conversationId, said);
  const draft = said.versions.find(({ id }) => id === concluded?.version)?.draft;
  if (!concluded?.escrow || !draft) throw new SkrumbleError("AGREEMENT_NOT_CONCLUDED");
  const record = await prepareAct(core, { draft, escrow: concluded.escrow }, input, by);
  const message = await carryOut(core, { ...record, told: { conversationId, agreement } }, by.wallet);
  return message && shownMessage(core, conversationId, message);
}

export interface ActBy {
  wallet: WalletSigner;
  /** Step of the milestone or the escrow, as shown when the person decided. */
  seen: bigint;
}

/**
 * One prompt, then it goes on by itself.
 * @returns the message that tells of it; undefined where no conversation takes it, or not yet
 * @throws SkrumbleError what the wallet throws, why it is not on chain, ESCROW_UNDER_WAY
 */
export async function carryOut(
  core: Core,
  record: ActInHand,
  wallet: WalletSigner,
): Promise<HistoryMessage | undefined> {
  const release = holdAct(core, record.id);
  try {
    await reserveAct(core, record);
    // Whoever closes this client waits for what is written down of it.
    await core.serial.run(`act ${record.id}`, () =>
      askForAct(core, record, wallet).catch(async (error) => {
        // After anything but a no a wallet may have sent the money all the same.
        const isInDoubt = record.pays?.asked && !wasNotSent(error);
        await (isInDoubt ? keepAct : dropAct)(core.vault, record).catch((problem) => {
          if (!core.signal.aborted) throw problem;
        });
        throw error;
      }),
    );
    return await finishAct(core, record).catch((error: unknown) => {
      if (core.signal.aborted) throw error;
      if (isUntold(record)) return undefined;
      if (isOver(error)) throw error;
      // It is signed and goes on by itself.
      throw new SkrumbleError("ESCROW_UNDER_WAY", { cause: error });
    });
  } finally {
    release();
    wakeAgreements(core);
  }
}

/**
 * Everything that has to be known of an act before the wallet is asked.
 * @throws SkrumbleError INPUT_INVALID, AGREEMENT_NOT_CONCLUDED, ESCROW_NOT_YOURS, WALLET_WRONG_ACCOUNT, and what `fund` wants
 */
export async function prepareAct(
  core: Core,
  { draft, escrow }: { draft: AgreementDraft; escrow: Address },
  input: MilestoneAct,
  { wallet, seen }: ActBy,
): Promise<ActInHand> {
  const { chain, signal } = core;
  const parsed = actSchema.safeParse(storedAct(input, toHex(randomBytes(32))));
  if (!parsed.success)
    throw new SkrumbleError("INPUT_INVALID", { details: "Nothing that can be done with an escrow." });
  const act = parsed.data;
  const { money } = draft;
  if (!money) throw new SkrumbleError("AGREEMENT_NOT_CONCLUDED");
  const actor = actorOf(draft, core.self.identity.publicId, act.do);
  if (!actor) throw new SkrumbleError("ESCROW_NOT_YOURS");
  if (act.do !== "settle" && !sameAddress(wallet.address, actor)) throw new SkrumbleError("WALLET_WRONG_ACCOUNT");
  const consents = act.do === "extend" || act.do === "cancel";
  const record: ActInHand = {
    ...{ id: newMessageId(), escrow, act, wallet: actor },
    money: { token: money.asset.token, amounts: money.milestones.map(({ amount }) => String(amount)) },
    step: String(seen),
    deadline: Number(await readDeadline(chain, core.now(), signal)) + (consents ? forConsent : 0),
    // Nothing of it is older: not by the word of one relay, which could hide it that way.
    from: Number((await readAgreedHead(chain, signal)).number) + 1,
  };
  if (act.do === "fund") await planFunding(core, record, act, wallet);
  return record;
}

/** What has to be paid for milestones that were seen like this. */
async function planFunding(
  core: Core,
  record: ActInHand,
  act: Extract<StoredAct, { do: "fund" }>,
  wallet: WalletSigner,
): Promise<void> {
  const { chain, signal } = core;
  const { token } = record.money;
  const { amount, escrow } = await missingFor(core, record.escrow, record.money, act);
  if (escrow.step !== BigInt(record.step)) throw new SkrumbleError("ESCROW_MOVED_ON");
  if (amount === 0n) return;
  // One relay that is behind must not keep anybody from paying.
  const balance = await readBalance(chain, token, wallet.address, { quorum: true, signal });
  if (balance < amount) throw new SkrumbleError("AMOUNT_OVER_BALANCE");
  const isSkm = sameAddress(token, chain.network.contracts.skm);
  if (!isSkm && !wallet.sendTransaction) throw new SkrumbleError("WALLET_CANNOT_SEND");
  record.pays = { amount: String(amount), ...(isSkm ? { nonce: toHex(randomBytes(32)) } : {}) };
}
