import type { Core } from "../client/core.ts";
import { maxAsked, maxPaymentNote } from "../conversation/content/money.ts";
import type { HistoryMessage } from "../conversation/content/types.ts";
import { sendContent } from "../conversation/send/sendContent.ts";
import { SkrumbleError } from "../errors/index.ts";
import type { RequestInput } from "../types/money.ts";
import type { ConversationId } from "../types/primitives.ts";
import { checkAmount, checkMembers } from "./review.ts";

/** @throws SkrumbleError see ConversationMoney.request */
export async function requestMoney(core: Core, id: ConversationId, input: RequestInput): Promise<HistoryMessage> {
  const { amount, note } = input;
  const from = [...new Set(input.from)];
  if (from.length === 0 || from.length > maxAsked)
    throw new SkrumbleError("INPUT_INVALID", { details: `One asks 1 to ${maxAsked} people.` });
  if ((note?.length ?? 0) > maxPaymentNote) throw new SkrumbleError("MESSAGE_TOO_LONG");
  checkMembers(core, id, from);
  checkAmount(amount);
  const { chainId, token } = await core.payments.assets.read(input.asset);
  const content = { kind: "request", asset: { chainId, token }, amount: String(amount), from } as const;
  return sendContent(core, id, { ...content, ...(note ? { note } : {}) });
}
