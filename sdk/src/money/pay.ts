import { readAgreedBlock, readBlock } from "../chain/actions/readBlock.ts";
import { readDeadline } from "../chain/actions/readDeadline.ts";
import { authorizationTypedData } from "../chain/eip3009.ts";
import type { Core } from "../client/core.ts";
import type { HistoryMessage } from "../conversation/content/types.ts";
import { inOrder } from "../conversation/send/inOrder.ts";
import { newMessageId } from "../conversation/send/sendContent.ts";
import { randomBytes, toHex } from "../crypto/bytes.ts";
import { type ErrorCode, SkrumbleError } from "../errors/index.ts";
import { askWallet, ensureChain, signChecked } from "../identity/wallet.ts";
import type { WalletSigner } from "../types/client.ts";
import type { PaymentInput } from "../types/money.ts";
import type { ConversationId, Hex } from "../types/primitives.ts";
import { findAgain, goOn, say } from "./carry.ts";
import { allInHand, keepInHand, letGo, type PaymentInHand } from "./inHand.ts";
import { sentBy } from "./receipt.ts";
import { type PaymentPlan, planPayment, transferOf } from "./review.ts";

/** @throws SkrumbleError see ConversationMoney.pay */
export function pay(
  core: Core,
  id: ConversationId,
  input: PaymentInput,
  wallet: WalletSigner,
): Promise<HistoryMessage> {
  // One after the other: the second must know of the first.
  return core.serial.run("pay", async () => {
    const plan = await planPayment(core, id, input);
    if (plan.problem) throw new SkrumbleError(plan.problem.code as ErrorCode);
    const record = await prepare(core, id, input, plan);
    await refuseAgain(core, record);
    if (wallet.address.toLowerCase() !== plan.payer) throw new SkrumbleError("WALLET_WRONG_ACCOUNT");
    if (plan.asset.moves === "transaction" && !wallet.sendTransaction) throw new SkrumbleError("WALLET_CANNOT_SEND");
    await ensureChain(core.chain, wallet, core.signal);
    // Nobody is asked for what could not be told in the conversation.
    await inOrder(core, id, async () => undefined);
    const bySignature = plan.asset.moves === "signature";
    const asked = await (bySignature ? sign(core, record, wallet) : send(core, record, wallet));
    await say(core, asked);
    goOn(core, asked);
    const message = await core.threads.message(id, record.id);
    if (!message) throw new SkrumbleError("MESSAGE_UNKNOWN");
    return message;
  });
}

async function prepare(
  core: Core,
  conversationId: ConversationId,
  { to, amount, note, request }: PaymentInput,
  { asset: { chainId, token }, payer, recipient }: PaymentPlan,
): Promise<PaymentInHand> {
  const { number } = await readBlock(core.chain, undefined, core.signal);
  // By two operators: with a block that is not there the payment would count for nothing.
  const now = core.now();
  const [head, deadline] = await Promise.all([
    readAgreedBlock(core.chain, number, core.signal),
    readDeadline(core.chain, now, core.signal),
  ]);
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

/** A page that was closed while the wallet sent the same may have paid already. @throws SkrumbleError PAYMENT_MADE */
async function refuseAgain(core: Core, { content, conversationId }: PaymentInHand): Promise<void> {
  for (const earlier of await allInHand(core)) {
    const isSame =
      earlier.nonce === undefined &&
      earlier.conversationId === conversationId &&
      earlier.content.to === content.to &&
      earlier.content.asset.token === content.asset.token &&
      earlier.content.amount === content.amount;
    if (!isSame) continue;
    if (await findAgain(core, earlier)) throw new SkrumbleError("PAYMENT_MADE");
    await letGo(core, earlier);
  }
}

/** The record is there before the wallet is asked, and the signature before anybody is told. */
async function sign(core: Core, record: PaymentInHand, wallet: WalletSigner): Promise<PaymentInHand> {
  const { content, recipient } = record;
  const authorized = { ...record, nonce: toHex(randomBytes(32)) as Hex };
  await keepInHand(core, authorized);
  const typedData = authorizationTypedData(core.chain, {
    ...{ from: content.wallet, to: recipient, value: BigInt(content.amount) },
    ...{ validBefore: BigInt(content.until), nonce: authorized.nonce },
  });
  try {
    const { bytes } = await signChecked(core.chain, wallet, typedData, core.signal);
    const signed = { ...authorized, signature: toHex(bytes) as Hex };
    await keepInHand(core, signed);
    return signed;
  } catch (error) {
    await letGo(core, authorized);
    throw error;
  }
}

async function send(core: Core, record: PaymentInHand, wallet: WalletSigner): Promise<PaymentInHand> {
  const { content, recipient } = record;
  const count = await sentBy(core.chain, content.wallet, "latest", core.signal);
  const counted = count === undefined ? record : { ...record, count };
  await keepInHand(core, counted);
  const call = transferOf(content.asset, recipient, BigInt(content.amount));
  try {
    const request = { ...call, chainId: content.asset.chainId };
    const hash = await askWallet(async () => wallet.sendTransaction?.(request), core.signal);
    if (!/^0x[0-9a-f]{64}$/i.test(hash ?? "")) throw new SkrumbleError("WALLET_FAILED", { details: "No hash." });
    const sent = { ...counted, transaction: hash?.toLowerCase() as Hex };
    await keepInHand(core, sent);
    return sent;
  } catch (error) {
    // After anything but a no it may be on its way all the same.
    if (error instanceof SkrumbleError && error.code === "WALLET_REFUSED") await letGo(core, counted);
    else goOn(core, counted);
    throw error;
  }
}
