import type { Core } from "../client/core.ts";
import { paymentRows } from "../conversation/content/paymentIndex.ts";
import { shownMessages } from "../conversation/view.ts";
import type { PaymentRecord } from "../types/money.ts";
import type { Millis } from "../types/primitives.ts";

const defaultPage = 50;
const maxPage = 200;

/** What one paid and was paid, newest first. */
export async function paymentHistory(
  core: Core,
  { before = Number.POSITIVE_INFINITY, limit = defaultPage }: { before?: Millis; limit?: number },
): Promise<PaymentRecord[]> {
  const own = core.self.identity.publicId;
  const rows = (await paymentRows(core.vault))
    .filter(({ from, at, body }) => at < before && (from === own || body.to === own))
    .sort((a, b) => b.at - a.at)
    .slice(0, Math.min(Math.max(limit, 1), maxPage));
  const found = await Promise.all(
    rows.map(async ({ conversationId, id, at }): Promise<PaymentRecord[]> => {
      const stored = core.threads.get(conversationId) && (await core.threads.message(conversationId, id));
      if (!stored) return [];
      return (await shownMessages(core, conversationId, [stored])).map((message) => ({ conversationId, message, at }));
    }),
  );
  return found.flat();
}
