import type { Core } from "../../client/core.ts";
import type { ConversationId, MessageId, PublicId } from "../../types/primitives.ts";
import type { HistoryMessage } from "../content/types.ts";
import { maxShared, maxSharedBytes, saidOf, sizeOf } from "./said.ts";

/** What there is to share with somebody. */
export interface SharePlan {
  /** The oldest message of it, and the line that says they came, before which all of it stands. */
  first: MessageId;
  end: MessageId;
  messages: number;
  /** Whether it is everything that is here. */
  complete: boolean;
}

const pageSize = 200;

/** From the newest back. Undefined when there is nothing, or this device was not there when they came. */
export async function planShare(
  core: Core,
  id: ConversationId,
  { to, since = 0 }: { to: PublicId; since?: number | undefined },
): Promise<SharePlan | undefined> {
  let plan: Omit<SharePlan, "first"> & { first?: MessageId } = { end: "", messages: 0, complete: true };
  let bytes = 0;
  for (let before: number | undefined; plan.complete; ) {
    const page = await core.threads.messages(id, { ...(before === undefined ? {} : { before }), limit: pageSize });
    const oldest = page[0];
    if (!oldest) break;
    for (const message of page.toReversed()) {
      if (plan.end === "") {
        if (isEntryOf(message, to)) plan = { ...plan, end: message.id };
        continue;
      }
      const said = message.at < since ? undefined : saidOf(message, to);
      if (!said) continue;
      bytes += sizeOf(said);
      if (plan.messages === maxShared || bytes > maxSharedBytes) {
        plan = { ...plan, complete: false };
        break;
      }
      plan = { ...plan, first: message.id, messages: plan.messages + 1 };
    }
    // Messages lie in the order in which they came; so many in a row do not come late.
    if (plan.end !== "" && page.length === pageSize && page.every(({ at }) => at < since)) break;
    before = oldest.number;
  }
  const { first, ...rest } = plan;
  return first === undefined ? undefined : { first, ...rest };
}

/** The line that tells of a person's coming. */
export const isEntryOf = ({ body }: HistoryMessage, person: PublicId): boolean =>
  body.type === "notice" && body.notice.kind === "added" && body.notice.people.includes(person);
