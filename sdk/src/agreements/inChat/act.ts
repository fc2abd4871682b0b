import { readBalance } from "../../chain/actions/readBalance.ts";
import { readDeadline } from "../../chain/actions/readDeadline.ts";
import { readHead } from "../../chain/actions/readHead.ts";
import { readContract } from "../../chain/chain.ts";
import { authorizationTypedData } from "../../chain/eip3009.ts";
import type { Core } from "../../client/core.ts";
import { actSchema, storedAct } from "../../conversation/content/agreement.ts";
import { inOrder } from "../../conversation/send/inOrder.ts";
import { newMessageId } from "../../conversation/send/sendContent.ts";
import { shownMessages } from "../../conversation/view.ts";
import { randomBytes, toHex } from "../../crypto/bytes.ts";
import { codeOf, SkrumbleError } from "../../errors/index.ts";
import { escrowAbi } from "../../generated/index.ts";
import { askWallet, ensureChain } from "../../identity/wallet.ts";
import { transferOf } from "../../money/review.ts";
import { sameAddress } from "../../packets/verified.ts";
import type { MilestoneAct } from "../../types/agreed.ts";
import type { AgreementMoney } from "../../types/agreements.ts";
import type { Message, WalletSigner } from "../../types/client.ts";
import type { Address, ConversationId, MessageId } from "../../types/primitives.ts";
import { escrowTypedData } from "../actOnEscrow.ts";
import { readEscrow } from "../readEscrow.ts";
import { signWith } from "../signWith.ts";
import { actorOf, escrowActionOf } from "./acts.ts";
import { findConcluded } from "./concluded.ts";
import { finishAct, refusals } from "./finishAct.ts";
import { holdAct, wakeAgreements } from "./follow.ts";
import { type ActInHand, dropAct, keepAct } from "./records.ts";
import { readSaid } from "./said.ts";

/** @throws SkrumbleError see ConversationAgreements.act */
export async function actOnAgreement(
  core: Core,
  conversationId: ConversationId,
  agreement: MessageId,
  input: MilestoneAct,
  by: { wallet: WalletSigner; seen: bigint },
): Promise<Message> {
  const { record, money } = await prepared(core, conversationId, agreement, input, by);
  const release = holdAct(core, record.id);
  try {
    await keepAct(core.vault, record);
    await agreed(core, record, money, by.wallet).catch(async (error) => {
      // After anything but a no a wallet may have sent the money all the same.
      const sent = record.pays?.nonce === undefined && record.pays !== undefined && codeOf(error) !== "WALLET_REFUSED";
      if (sent) await keepAct(core.vault, Object.assign(record, { ready: true }));
      else if (!core.signal.aborted) await dropAct(core.vault, record);
      throw error;
    });
    const said = await finishAct(core, record).catch((error: unknown) => {
      if (refusals.includes(codeOf(error)) || core.signal.aborted) throw error;
      // It is signed and goes on by itself.
      throw new SkrumbleError("ESCROW_UNDER_WAY", { cause: error });
    });
    return (await shownMessages(core, conversationId, [said]))[0] as Message;
  } finally {
    release();
    wakeAgreements(core);
  }
}

async function prepared(
  core: Core,
  conversationId: ConversationId,
  agreement: MessageId,
  input: MilestoneAct,
  { wallet, seen }: { wallet: WalletSigner; seen: bigint },
): Promise<{ record: ActInHand; money: AgreementMoney }> {
  const { chain, signal } = core;
  const parsed = actSchema.safeParse(storedAct(input, toHex(randomBytes(32))));
  if (!parsed.success)
    throw new SkrumbleError("INPUT_INVALID", { details: "Nothing that can be done with an escrow." });
  const act = parsed.data;
  const said = await readSaid(core, conversationId, agreement);
  const concluded = await findConcluded(core, conversationId, said);
  const version = said.versions.find(({ id }) => id === concluded?.version);
  const money = version?.draft.money;
  if (!concluded?.escrow || !version || !money) throw new SkrumbleError("AGREEMENT_NOT_CONCLUDED");
  const { escrow } = concluded;
  const actor = actorOf(version.draft, core.self.identity.publicId, act.do);
  if (!actor) throw new SkrumbleError("ESCROW_NOT_YOURS");
  if (act.do !== "settle" && !sameAddress(wallet.address, actor)) throw new SkrumbleError("WALLET_WRONG_ACCOUNT");
  // Nobody is asked for what could not be told in the conversation.
  await inOrder(core, conversationId, async () => undefined);
  const record: ActInHand = {
    ...{ conversationId, agreement, id: newMessageId(), escrow, act, wallet: actor, step: String(seen) },
    deadline: Number(await readDeadline(chain, core.now(), signal)),
    from: Number(await readHead(chain, signal)) + 1,
  };
  if (act.do === "fund") {
    const amount = await missing(core, escrow, money, act);
    if (amount > 0n) {
      // One relay that is behind must not keep anybody from paying.
      const balance = await readBalance(chain, money.asset.token, wallet.address, { quorum: true, signal });
      if (balance < amount) throw new SkrumbleError("AMOUNT_OVER_BALANCE");
      const isSkm = sameAddress(money.asset.token, chain.network.contracts.skm);
      if (!isSkm && !wallet.sendTransaction) throw new SkrumbleError("WALLET_CANNOT_SEND");
      record.pays = { amount: String(amount), ...(isSkm ? { nonce: toHex(randomBytes(32)) } : {}) };
    }
  }
  return { record, money };
}

/** What has to come in before milestones can be funded: money may lie there already. */
async function missing(
  core: Core,
  escrow: Address,
  { milestones, asset }: AgreementMoney,
  { first, count }: { first: number; count: number },
): Promise<bigint> {
  const wanted = milestones.slice(first, first + count);
  const options = { quorum: true, signal: core.signal };
  const { milestones: now } = await readEscrow(core.chain, escrow, milestones.length, options);
  const isOpen = now.slice(first, first + count).every(({ state }) => state === "unfunded");
  if (wanted.length < count || !isOpen) throw new SkrumbleError("ESCROW_MOVED_ON");
  const held = await readBalance(core.chain, asset.token, escrow, options);
  const accounted = await readContract(
    core.chain,
    { address: escrow, abi: escrowAbi, functionName: "accounted", args: [] },
    options,
  );
  const needed = wanted.reduce((sum, { amount }) => sum + amount, 0n);
  const free = held > accounted ? held - accounted : 0n;
  return needed > free ? needed - free : 0n;
}

/** The one prompt. What the wallet agreed to is kept before anything is done with it. */
async function agreed(core: Core, record: ActInHand, { asset }: AgreementMoney, wallet: WalletSigner): Promise<void> {
  const { chain, signal } = core;
  const { act, escrow, pays, deadline } = record;
  if (act.do === "fund") {
    if (pays?.nonce) {
      const typed = authorizationTypedData(chain, {
        ...{ from: wallet.address, to: escrow, value: BigInt(pays.amount) },
        ...{ validBefore: BigInt(deadline), nonce: pays.nonce },
      });
      pays.signature = await signWith(chain, wallet, typed, signal);
    } else if (pays) {
      await ensureChain(chain, wallet, signal);
      const request = { ...transferOf(asset, escrow, BigInt(pays.amount)), chainId: asset.chainId };
      await askWallet(async () => wallet.sendTransaction?.(request), signal);
    }
  } else {
    const action = escrowActionOf(act);
    if (action) {
      const at = { step: BigInt(record.step), deadline: BigInt(deadline) };
      record.signature = await signWith(
        chain,
        wallet,
        escrowTypedData(chain.network.chainId, escrow, action, at),
        signal,
      );
    }
  }
  await keepAct(core.vault, Object.assign(record, { ready: true }));
}
