import type { Core } from "../../client/core.ts";
import { isOwnCommit } from "../../crypto/mls/readCommit.ts";
import type { MlsGroup } from "../../crypto/mls/state.ts";
import type { ConversationId } from "../../types/primitives.ts";
import { anchoredCommits } from "../order/anchored.ts";
import { decide } from "../order/decide.ts";
import { nameOf, type OrderKeys, orderKeys } from "../order/leaf.ts";
import { openSessionOf } from "../transmit.ts";
import { adopt } from "./adopt.ts";
import { judgeCommit } from "./judge.ts";
import { loadPending, type Pending } from "./pending.ts";
import { type EpochRecord, evidenceOf, withBallot } from "./record.ts";
import { noteTrouble } from "./resync.ts";
import { takeBallot } from "./votes.ts";

/**
 * Finds out which commit ends the present epoch, and takes it over. One's own is put in line first.
 * @param offered a commit that somebody passed on: the chain may know it although no relay has it
 * @returns whether the epoch moved on
 * @throws SkrumbleError of the category "network" when nobody can say
 */
export async function advance(
  core: Core,
  id: ConversationId,
  { mine: made, offered }: { mine?: Pending; offered?: Uint8Array } = {},
): Promise<boolean> {
  const thread = core.threads.get(id);
  const session = thread && openSessionOf(thread);
  if (!thread || !session) return false;
  const { route, branch, epoch } = session;
  if (made && made.branch !== branch) return true;
  // Whoever asks, one's own counts: it may stand first already, and MLS cannot read it like others.
  const kept = made ?? (await loadPending(core, route));
  const own = kept?.branch === branch ? kept : undefined;
  const group = await core.threads.group(route);
  const keys = await orderKeys(group);
  const relays = thread.state.order;
  const judged = judge(core, group);
  const forgotten = new Set<string>();
  const valid = async (commit: Uint8Array) => {
    if (await judged(commit)) return true;
    if (!(await isOwnCommit(group, commit))) return false;
    forgotten.add(nameOf(commit));
    return true;
  };
  const ballot = await takeBallot(core, { keys, relays, valid, ...(own ? { own: own.commit } : {}) });
  if (own) ballot.commits.set(nameOf(own.commit), own.commit);
  if (offered && (await valid(offered))) ballot.commits.set(nameOf(offered), offered);
  const empty: EpochRecord = {
    ...{ epoch, branch, applied: "", relays: [...relays], votes: {}, commits: {} },
    sent: session.sent,
  };
  const record = withBallot(empty, ballot);
  // Without a majority, because relays are away or each had another one first, the chain has the last word.
  const decision = decide(evidenceOf(record)) ?? decide(evidenceOf(record, await onChain(core, keys, record, own)));
  const commit = decision && ballot.commits.get(decision.hash);
  if (!commit) return false;
  const late = forgotten.has(decision.hash) ? await loadPending(core, route) : undefined;
  // Made while the relays were asked: whoever made it takes it over.
  if (late && nameOf(late.commit) === decision.hash) return false;
  if (forgotten.has(decision.hash)) {
    // This device's state is older than what it has told others; they have gone on with it.
    await noteTrouble(core, id, { urgent: true });
    return false;
  }
  const mine = own && nameOf(own.commit) === decision.hash ? own : undefined;
  await adopt(core, id, {
    ...{ route, branch, commit, record: { ...record, applied: decision.hash } },
    ...(mine ? { own: mine } : {}),
  });
  if (mine) anchorLater(core, keys, mine);
  return true;
}

/** Commits are dear to check, and the same one stands in line at three relays. */
export function judge(core: Core, group: MlsGroup): (commit: Uint8Array) => Promise<boolean> {
  const known = new Map<string, Promise<boolean>>();
  return (commit) => {
    const name = nameOf(commit);
    const answer = known.get(name) ?? judgeCommit(core, group, commit).then((judged) => judged !== undefined);
    known.set(name, answer);
    return answer;
  };
}

async function onChain(core: Core, keys: OrderKeys, record: EpochRecord, own?: Pending): Promise<string[]> {
  if (Object.keys(record.commits).length === 0) return [];
  if (own) await core.pool.anchor(keys.leaf("chain", own.commit), { signal: core.signal });
  return (await anchoredCommits(core, keys)).filter((name) => record.commits[name] !== undefined);
}

/** Should relays turn out to have signed two ways, the chain can tell. Nothing waits for it. */
function anchorLater(core: Core, keys: OrderKeys, { commit }: Pending): void {
  core.pool.anchor(keys.leaf("chain", commit), { signal: core.signal }).catch(() => undefined);
}
