import type { Core } from "../../client/core.ts";
import type { ConversationId, PublicId } from "../../types/primitives.ts";
import { textTtlSeconds } from "../limits.ts";
import { transmit } from "../transmit.ts";
import { contentMessage, eventOf } from "./wire.ts";

/**
 * Says again what was said under a counter, to those who missed it. Inside the lane.
 * @returns false when it is not here any more
 */
export async function resend(
  core: Core,
  id: ConversationId,
  sent: { route: string; n: number },
  to: readonly PublicId[],
): Promise<boolean> {
  const record = await core.threads.sentUnder(sent.route, sent.n);
  const message = record && "message" in record ? await core.threads.message(id, record.message) : undefined;
  const event = record && "event" in record ? record.event : message && (await eventOf(core.vault, id, message));
  if (!event) return false;
  await transmit(core, id, {
    ttlSeconds: textTtlSeconds,
    to,
    build: (session) => contentMessage(session, sent, event),
  });
  return true;
}
