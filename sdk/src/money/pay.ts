import { type BlockHead, readAgreedBlock, readBlock } from "../chain/actions/readBlock.ts";
import { readDeadline } from "../chain/actions/readDeadline.ts";
import { readFinal } from "../chain/actions/readFinal.ts";
import type { AnyChain } from "../chain/chain.ts";
import type { Core } from "../client/core.ts";
import type { HistoryMessage } from "../conversation/content/types.ts";
import { inOrder } from "../conversation/send/inOrder.ts";
import { newMessageId } from "../conversation/send/sendContent.ts";
import { type ErrorCode, SkrumbleError } from "../errors/index.ts";
import { ensureChain } from "../identity/wallet.ts";
import type { WalletSigner } from "../types/client.ts";
import type { PayInput, PaymentInput } from "../types/money.ts";
import type { ConversationId } from "../types/primitives.ts";
import { askToSend, askToSign } from "./ask.ts";
import { goOn } from "./carry.ts";
import { inHand, type PaymentInHand } from "./inHand.ts";
import { reserve } from "./reserve.ts";
import { type PaymentPlan, planPayment } from "./review.ts";
import { say } from "./say.ts";

/** @throws SkrumbleError see ConversationMoney.pay */
export async function pay(
  core: Core,
  id: ConversationId,
  input: PayInput,
  wallet: WalletSigner,
): Promise<HistoryMessage> {
  const plan = await planPayment(core, id, input);
  if (plan.problem) throw new SkrumbleError(plan.problem.code as ErrorCode);
  refuseOther(plan, input);
  if (wallet.address.toLowerCase() !== plan.payer) throw new SkrumbleError("WALLET_WRONG_ACCOUNT");
  const bySignature = plan.asset.moves === "signature";
  if (!bySignature && !wallet.sendTransaction) throw new SkrumbleError("WALLET_CANNOT_SEND");
  await ensureChain(core.payments.assets.chains.of(plan.asset), wallet, core.signal);
  // Nobody is asked for what could not be told in the conversation.
  await inOrder(core, id, async () => undefined);
  const written = await prepare(core, id, input, plan);
  const reserved = await reserve(core, written, { bySignature, replace: input.replace === true });
  const { prompts } = inHand(core);
  let asked: PaymentInHand;
  try {
    asked = await (bySignature ? askToSign : askToSend)(core, reserved, wallet);
    await say(core, asked);
  } finally {
    // The same may be asked for again meanwhile, by somebody who gave this up.
    if (prompts.get(reserved.record.id) === reserved.prompt) prompts.delete(reserved.record.id);
    goOn(core, reserved.record);
  }
  const message = await core.threads.message(id, asked.id);
  if (!message) throw new SkrumbleError("MESSAGE_UNKNOWN");
  return message;
}

/** What people sign is what they saw. @throws SkrumbleError PAYMENT_CHANGED */
function refuseOther({ asset, recipient }: PaymentPlan, { amount, to, reviewed }: PayInput): void {
  if (!reviewed) return;
  const isSame =
    reviewed.recipient === recipient &&
    reviewed.amount === amount &&
    reviewed.to === to &&
    reviewed.asset.chainId === asset.chainId &&
    reviewed.asset.token === asset.token &&
    reviewed.asset.symbol === asset.symbol &&
    reviewed.asset.decimals === asset.decimals;
  if (!isSame) throw new SkrumbleError("PAYMENT_CHANGED");
}

async function prepare(
  core: Core,
  conversationId: ConversationId,
  { to, amount, note, request }: PaymentInput,
  { asset: { chainId, token }, payer, recipient }: PaymentPlan,
): Promise<PaymentInHand> {
  const on = core.payments.assets.chains.of({ chainId });
  const now = core.now();
  const [head, deadline] = await Promise.all([newest(on, core.signal), readDeadline(on, now, core.signal)]);
  return {
    ...{ conversationId, id: newMessageId(), at: now, recipient },
    content: {
      kind: "payment",
      ...{ asset: { chainId, token }, amount: String(amount), to, wallet: payer },
      ...(note ? { note } : {}),
      ...(request === undefined ? {} : { request }),
      block: Number(head.number),
      until: Number(deadline),
    },
  };
}

/** By two operators: with a block that is not there, or that is undone, the payment would count for nothing. */
async function newest(chain: AnyChain, signal: AbortSignal): Promise<BlockHead> {
  const final = await readFinal(chain, signal);
  if (final) return final;
  const { number } = await readBlock(chain, undefined, signal);
  return readAgreedBlock(chain, number, signal);
}
