import type { Core } from "../../client/core.ts";
import type { MlsGroup } from "../../crypto/mls/state.ts";
import type { PublicId } from "../../types/primitives.ts";
import type { AppMessage } from "../appMessage.ts";
import { applyContent } from "../content/apply.ts";
import { isWord } from "../content/kinds.ts";
import type { HistoryMessage, WaitingEvent } from "../content/types.ts";
import { waitingAt, waitingOps } from "../content/waiting.ts";
import { isAdmin, type Share } from "../group/state.ts";
import { numberOf } from "../history/page.ts";
import { contextOf } from "../send/sendContent.ts";
import type { Thread } from "../threads.ts";
import { tellConversation, tellMessages } from "../view.ts";
import { placeBefore } from "./place.ts";
import { isEntryOf } from "./plan.ts";
import { maxShared, type Said } from "./said.ts";

type Piece = Extract<AppMessage, { type: "history" }>;

/** So many are taken into one conversation, whoever shares. */
const maxHeld = 2 * maxShared;
/** Clocks may be wrong by a day. */
const day = 86_400_000;

/** Takes what an admin shares of the time before this person came. Inside the lane; writes what came with it in any case. */
export async function takeHistory(
  core: Core,
  { thread, groups, from }: { thread: Thread; groups: Map<string, MlsGroup>; from: PublicId },
  piece: Piece,
): Promise<void> {
  const share = shareOf(core, thread, from, piece);
  // The same line on all devices: see receiveEntry. Whoever made the group has none, and was there from the beginning.
  const entry = await core.threads.message(thread.id, thread.id);
  const come = share && entry && isEntryOf(entry, share.to) ? await unknownOf(core, thread, share, entry, piece) : none;
  if (!entry || come.messages.length === 0) return core.threads.save({ thread, groups });
  const { messages, next, ops } = await placeBefore(core, thread, entry, come.messages, piece.left);
  const shared = (thread.shared ?? 0) + messages.length;
  const also = [...ops, ...waitingOps(thread.id, come.before, come.waiting)];
  await core.threads.save({ thread: { ...thread, next, shared }, groups, also });
  await tellMessages(core, thread.id, messages);
  tellConversation(core, thread.id);
}

interface Unknown {
  messages: HistoryMessage[];
  /** What waits for its target, without them and with them. */
  before: WaitingEvent[];
  waiting: WaitingEvent[];
}
const none: Unknown = { messages: [], before: [], waiting: [] };

/** What the group knows of this sharing: a piece that somebody else was to have, or that nobody was told of, has none. */
function shareOf(core: Core, { kind, left, state }: Thread, from: PublicId, piece: Piece): Share | undefined {
  const own = core.self.identity.publicId;
  if (kind !== "group" || left || from === own || piece.to !== own || !isAdmin(state, from)) return undefined;
  return state.shared?.find(({ id, by, to }) => id === piece.share && by === from && to === own);
}

/** Those that this device never had, as if their authors said them: what waits for one is done to it. */
async function unknownOf(
  core: Core,
  thread: Thread,
  share: Share,
  entry: HistoryMessage,
  { said }: Piece,
): Promise<Unknown> {
  const before = (await core.vault.range<WaitingEvent>(waitingAt(thread.id))).map(({ value }) => value);
  const found: Unknown = { messages: [], before, waiting: before };
  const isFor = ({ from, at }: Said) =>
    at >= (share.since ?? 0) && at <= entry.at + day && from !== share.to && core.book.get(from)?.state !== "blocked";
  const seen = new Set<string>();
  for (const one of said.filter(isFor).slice(0, Math.max(0, maxHeld - (thread.shared ?? 0)))) {
    if (seen.has(one.id) || (await numberOf(core.vault, thread.id, one.id)) !== undefined) continue;
    seen.add(one.id);
    const { id, from, edited } = one;
    const content = one.content.kind === "voice" ? { ...one.content, audio: "" } : one.content;
    const event = { id, from, at: Math.min(one.at, entry.at), content };
    const history = { messages: new Map(), waiting: found.waiting, next: 0 };
    const { added, waiting } = applyContent(history, event, contextOf(core, thread));
    found.waiting = waiting ?? found.waiting;
    if (!added) continue;
    const isText = isWord(added.body);
    const marks = isText ? { sharedBy: share.by, ...(edited === undefined ? {} : { edited }) } : {};
    found.messages.push({ ...marks, ...added });
  }
  return found;
}
