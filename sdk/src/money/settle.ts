import type { Core } from "../client/core.ts";
import { isOpen, type StoredPayment } from "../conversation/content/money.ts";
import { freePlace, type Paid, paidFor } from "../conversation/content/paymentIndex.ts";
import { historyOps } from "../conversation/content/record.ts";
import type { HistoryMessage, StoredBody } from "../conversation/content/types.ts";
import { tellConversation, tellMessages } from "../conversation/view.ts";
import type { ConversationId, MessageId, PublicId } from "../types/primitives.ts";
import { inHand } from "./inHand.ts";
import type { Settled } from "./verify.ts";

/** The asker's clock may be ahead of the chain's. */
const clockTolerance = 600_000;

/** Writes down what became of a payment. The same movement counts for one message, whichever conversation that is in. */
export function settlePayment(
  core: Core,
  conversationId: ConversationId,
  id: MessageId,
  finding: Settled,
): Promise<void> {
  return core.serial.run("payments counted", async () => {
    const found = await foundOf(core, { conversationId, id }, finding);
    const isNews = (body: StoredPayment) => isOpen(body) && (found.state !== "unsure" || body.state !== "unsure");
    const body = await change(core, conversationId, id, isNews, (before) => ({ ...before, ...found }));
    if (body?.request !== undefined && body.recipient !== undefined) addUp(core, conversationId, body.request);
  });
}

async function foundOf(
  core: Core,
  message: { conversationId: ConversationId; id: MessageId },
  finding: Settled,
): Promise<Partial<StoredPayment>> {
  if (finding.state === "failed") return finding;
  if (finding.state === "unsure") return { state: "unsure", code: undefined };
  const { places, ...found } = finding;
  const place = await freePlace(core.vault, message, places);
  return place === undefined ? { state: "failed", code: "PAYMENT_COUNTED" } : { ...found, place, code: undefined };
}

/** How far a payment of this device is, or what keeps it. */
export const markPayment = (
  core: Core,
  conversationId: ConversationId,
  id: MessageId,
  mark: { state?: "sent"; code?: string | undefined },
): Promise<unknown> =>
  change(
    core,
    conversationId,
    id,
    (body) => isOpen(body) && (mark.code !== body.code || (mark.state ?? body.state) !== body.state),
    (before) => ({ ...before, state: mark.state ?? before.state, code: mark.code }),
  );

async function change(
  core: Core,
  conversationId: ConversationId,
  id: MessageId,
  applies: (body: StoredPayment) => boolean,
  to: (before: StoredPayment) => StoredPayment,
): Promise<StoredPayment | undefined> {
  const changed = await core.serial.run(conversationId, async () => {
    const message = await core.threads.message(conversationId, id);
    if (message?.body.type !== "payment" || !applies(message.body)) return undefined;
    return save(core, conversationId, message, to(message.body));
  });
  if (!changed) return undefined;
  await tell(core, conversationId, changed);
  return changed.body.type === "payment" ? changed.body : undefined;
}

/** Inside the lane. */
async function save(
  core: Core,
  conversationId: ConversationId,
  message: HistoryMessage,
  body: StoredBody,
): Promise<HistoryMessage | undefined> {
  const thread = core.threads.get(conversationId);
  const next = { ...message, body };
  if (!thread) return undefined;
  await core.threads.save({ thread, also: historyOps(conversationId, next) });
  return next;
}

async function tell(core: Core, conversationId: ConversationId, message: HistoryMessage): Promise<void> {
  await tellMessages(core, conversationId, [message]);
  tellConversation(core, conversationId);
}

/** Finds out who has paid what somebody asked for, in the background. */
export function addUp(core: Core, conversationId: ConversationId, request: MessageId): void {
  inHand(core).start(async () => {
    const settled = await paidFor(core.vault, conversationId, request);
    const changed = await core.serial.run(conversationId, async () => {
      const message = await core.threads.message(conversationId, request);
      if (message?.body.type !== "request") return undefined;
      const { parts: before, ...body } = message.body;
      const { paid, parts } = paidBy(message, settled);
      if (JSON.stringify([paid, parts]) === JSON.stringify([body.paid, before ?? []])) return undefined;
      return save(core, conversationId, message, { ...body, paid, ...(parts.length > 0 ? { parts } : {}) });
    });
    if (changed) await tell(core, conversationId, changed);
  });
}

/** Whose payments for a request, made after it, come to what was asked for; and of the others what has arrived. */
function paidBy({ from: asker, at, body }: HistoryMessage, settled: readonly Paid[]) {
  if (body.type !== "request") return { paid: [], parts: [] };
  const { asset, amount, from } = body;
  const counts = ({ to, asset: paid, paidAt }: Paid) =>
    to === asker && paid.chainId === asset.chainId && paid.token === asset.token && paidAt >= at - clockTolerance;
  const of = (person: PublicId) =>
    settled
      .filter((one) => one.from === person && counts(one))
      .reduce((sum, { amount: paid }) => sum + BigInt(paid), 0n);
  const shares = from.map((person) => ({ person, arrived: of(person) }));
  return {
    paid: shares.filter(({ arrived }) => arrived >= BigInt(amount)).map(({ person }) => person),
    parts: shares
      .filter(({ arrived }) => arrived > 0n && arrived < BigInt(amount))
      .map(({ person, arrived }) => ({ person, amount: String(arrived) })),
  };
}
