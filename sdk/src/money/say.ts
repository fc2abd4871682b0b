import type { Core } from "../client/core.ts";
import { readMessage } from "../conversation/history/page.ts";
import { sendContent } from "../conversation/send/sendContent.ts";
import { SkrumbleError } from "../errors/index.ts";
import type { AssetId } from "../types/money.ts";
import type { Hex } from "../types/primitives.ts";
import { letGo, type PaymentInHand } from "./inHand.ts";
import { readTransaction } from "./receipt.ts";

/**
 * Tells of it in the conversation, unless that was done. A signature that cannot be told of is thrown away: it is known nowhere
 * else, so nothing is paid. @throws what {@link sendContent} throws
 */
export async function say(core: Core, record: PaymentInHand): Promise<void> {
  const { conversationId, id, content, nonce, transaction } = record;
  if ((await readMessage(core.vault, conversationId, id)) !== undefined) return;
  const proof =
    transaction === undefined ? { nonce } : { transaction, ...(await numberOf(core, content.asset, transaction)) };
  try {
    // It was found perhaps days later: its time is that of the payment.
    await sendContent(core, conversationId, { ...content, ...proof }, id, record.at);
  } catch (error) {
    if (nonce !== undefined && !core.signal.aborted) await letGo(core, record);
    throw error;
  }
}

/** Its place among the wallet's, by which everybody finds what the wallet may send instead of it. */
async function numberOf(core: Core, asset: AssetId, transaction: Hex): Promise<{ accountNonce?: number }> {
  try {
    const on = core.payments.assets.chains.of(asset);
    const sent = await readTransaction(on, transaction, core.signal);
    return sent ? { accountNonce: sent.nonce } : {};
  } catch (error) {
    if (error instanceof SkrumbleError && error.category === "network") return {};
    throw error;
  }
}
