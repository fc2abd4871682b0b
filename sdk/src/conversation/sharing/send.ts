import type { Core } from "../../client/core.ts";
import { randomBytes, toHexString } from "../../crypto/bytes.ts";
import { SkrumbleError } from "../../errors/index.ts";
import type { SharedHistory } from "../../types/group.ts";
import type { ConversationId, MessageId, Millis, PublicId } from "../../types/primitives.ts";
import type { Intent, NewIntent } from "../commit/intents.ts";
import { isAdmin } from "../group/state.ts";
import { numberOf } from "../history/page.ts";
import { textTtlSeconds } from "../limits.ts";
import type { Thread } from "../threads.ts";
import { liveSession, transmit } from "../transmit.ts";
import { planShare, type SharePlan } from "./plan.ts";
import { maxSaid, pieceBytes, type Said, saidOf, sizeOf } from "./said.ts";

/** What this device shares with somebody, as it lies on disk until all of it is on its way. */
export interface Sharing {
  id: string;
  to: PublicId;
  since?: Millis;
  /** Worked out with the first piece. */
  plan?: SharePlan;
  /** Last message on its way, and how many are. */
  last?: MessageId;
  sent: number;
}

/**
 * What has to be wanted of the group, so that everybody is told before anything goes out.
 * @throws SkrumbleError HISTORY_NOTHING, INPUT_INVALID
 */
export async function prepareShare(
  core: Core,
  { id, state }: Thread,
  to: PublicId,
  since: Millis | undefined,
): Promise<{ intent: NewIntent; shared: SharedHistory }> {
  if (to === core.self.identity.publicId || state.people[to] === undefined)
    throw new SkrumbleError("INPUT_INVALID", { details: "History is shared with another member." });
  if (since !== undefined && !(Number.isSafeInteger(since) && since >= 0 && since <= core.now()))
    throw new SkrumbleError("INPUT_INVALID", { details: "A time in the past, in milliseconds." });
  const plan = await planShare(core, id, { to, since });
  if (!plan) throw new SkrumbleError("HISTORY_NOTHING");
  const { messages, complete } = plan;
  const share = { id: toHexString(randomBytes(16)), to, ...(since === undefined ? {} : { since }) };
  return { intent: { kind: "share", ...share }, shared: { messages, complete } };
}

/** What goes out once a commit of this device has told everybody. */
export const sharingOf = (fulfilled: readonly Intent[]): Sharing[] =>
  fulfilled.flatMap((intent) => {
    if (intent.kind !== "share") return [];
    const { id, to, since } = intent;
    return { id, to, ...(since === undefined ? {} : { since }), sent: 0 };
  });

/** Sends what is to be shared, a piece at a time; goes on with it after a restart. Outside the lane. */
export async function sendShares(core: Core, id: ConversationId): Promise<void> {
  while (!core.signal.aborted && (await core.serial.run(id, () => sendPiece(core, id))));
}

/** @returns whether there is more. Inside the lane */
async function sendPiece(core: Core, id: ConversationId): Promise<boolean> {
  const thread = core.threads.get(id);
  const [share, ...others] = thread?.sharing ?? [];
  if (!thread || !share) return false;
  const plan = mayShare(core, thread, share) ? (share.plan ?? (await planShare(core, id, share))) : undefined;
  const said = plan ? await nextSaid(core, id, share, plan) : [];
  const last = said.at(-1);
  if (!plan || !last) {
    await core.threads.save({ thread: { ...thread, sharing: others } });
    return others.length > 0;
  }
  const sent = share.sent + said.length;
  const left = Math.max(0, plan.messages - sent);
  await transmit(core, id, {
    ttlSeconds: textTtlSeconds,
    to: [share.to],
    build: () => ({ v: 1, type: "history", share: share.id, to: share.to, left, said }),
    change(changed) {
      changed.sharing = [{ ...share, plan, last: last.id, sent }, ...others];
    },
  });
  return true;
}

/** Whoever is out, or on another way by now, has not told the others. */
const mayShare = (core: Core, thread: Thread, share: Sharing): boolean =>
  liveSession(thread) !== undefined &&
  isAdmin(thread.state, core.self.identity.publicId) &&
  thread.state.people[share.to] !== undefined &&
  (thread.state.shared ?? []).some(({ id }) => id === share.id);

/** The next messages, oldest first, that fit into one piece. */
async function nextSaid(core: Core, id: ConversationId, share: Sharing, plan: SharePlan): Promise<Said[]> {
  const end = await numberOf(core.vault, id, plan.end);
  const from = await numberOf(core.vault, id, share.last ?? plan.first);
  if (end === undefined || from === undefined) return [];
  const said: Said[] = [];
  let size = 0;
  for (let after = share.last ? from : from - 1; ; ) {
    const page = await core.threads.messages(id, { after, limit: maxSaid });
    if (page.length === 0) return said;
    for (const message of page) {
      if (message.number >= end || said.length === maxSaid) return said;
      after = message.number;
      const one = message.at < (share.since ?? 0) ? undefined : saidOf(message, share.to);
      if (!one) continue;
      size += sizeOf(one);
      if (said.length > 0 && size > pieceBytes) return said;
      said.push(one);
    }
  }
}
