import type { Core } from "../client/core.ts";
import { readMessage } from "../conversation/history/page.ts";
import { sendContent } from "../conversation/send/sendContent.ts";
import { SkrumbleError } from "../errors/index.ts";
import { letGo, type PaymentInHand } from "./inHand.ts";
import { readTransaction } from "./receipt.ts";

/**
 * Tells of it in the conversation, unless that was done. A signature that cannot be told of is thrown away: it is known nowhere
 * else, so nothing is paid. @throws what {@link sendContent} throws
 */
export async function say(core: Core, record: PaymentInHand): Promise<void> {
  const { conversationId, id, content, nonce, transaction } = record;
  if ((await readMessage(core.vault, conversationId, id)) !== undefined) return;
  const number = transaction === undefined ? {} : await numberOf(core, record);
  const proof = transaction === undefined ? { nonce } : { transaction, ...number };
  try {
    // It was found perhaps days later: its time is that of the payment.
    await sendContent(core, conversationId, { ...content, ...proof }, id, record.at);
  } catch (error) {
    if (nonce !== undefined && !core.signal.aborted) await letGo(core, record);
    throw error;
  }
}

/** Its place among the wallet's, by which everybody finds what the wallet may send instead of it. */
export async function numberOf(
  core: Core,
  { content, transaction, accountNonce }: PaymentInHand,
): Promise<{ accountNonce?: number }> {
  if (accountNonce !== undefined) return { accountNonce };
  if (transaction === undefined) return {};
  try {
    const on = core.payments.assets.chains.of(content.asset);
    const sent = await readTransaction(on, transaction, core.signal);
    return sent ? { accountNonce: sent.nonce } : {};
  } catch (error) {
    if (error instanceof SkrumbleError && error.category === "network") return {};
    throw error;
  }
}
