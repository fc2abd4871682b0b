import type { Core } from "../../client/core.ts";
import { equalBytes, fromHex, toHexString } from "../../crypto/bytes.ts";
import { verifyOrderEntry } from "../../protocol/index.ts";
import type { ConversationId } from "../../types/primitives.ts";
import type { Envelope, Vote } from "../envelope.ts";
import { decide } from "../order/decide.ts";
import { commitHash, nameOf, type OrderKeys, orderKeys } from "../order/leaf.ts";
import type { SessionRecord, Thread } from "../threads.ts";
import { adopt } from "./adopt.ts";
import { advance } from "./advance.ts";
import { reconsider } from "./fork.ts";
import { judgeCommit } from "./judge.ts";
import { type EpochRecord, evidenceOf, withBallot } from "./record.ts";

type CommitEnvelope = Extract<Envelope, { kind: "commit" }>;

/**
 * Takes a commit that a member passed on. With a majority of the relays' signatures it counts at once; otherwise the
 * relays are asked. Of an epoch that has ended it is evidence.
 * @returns "later" when it ends an epoch that is not here yet
 * @throws SkrumbleError of the category "network"
 */
export async function receiveCommit(core: Core, envelope: CommitEnvelope): Promise<"done" | "later"> {
  const route = toHexString(envelope.route);
  const branch = toHexString(envelope.branch);
  const found = core.threads.byRoute(route);
  if (!found) return "later";
  const { thread, session } = found;
  // Whoever was removed may learn that it happened on a way nobody took.
  const past = (await core.threads.epochs(route)).find((record) => record.branch === branch);
  if (past) {
    await rival(core, thread.id, route, past, envelope);
    return "done";
  }
  if (session.closed !== undefined) return "done";
  if (session.branch !== branch) return "later";
  await present(core, thread, session, envelope);
  return "done";
}

async function present(core: Core, thread: Thread, session: SessionRecord, { votes, message }: CommitEnvelope) {
  const { route, branch, epoch, sent } = session;
  const group = await core.threads.group(route);
  const name = nameOf(message);
  const record = withBallot(
    { epoch, branch, applied: name, relays: [...thread.state.order], votes: {}, commits: {}, sent },
    {
      commits: new Map([[name, message]]),
      votes: believed(core, await orderKeys(group), votes, message).map((vote) => ({ name, vote })),
    },
  );
  const carried = decide(evidenceOf(record))?.hash === name && (await judgeCommit(core, group, message)) !== undefined;
  if (carried) await adopt(core, thread.id, { route, branch, commit: message, record });
  else await advance(core, thread.id, { offered: message });
}

/** Another commit for an epoch that ended here with a different one: kept when members may make it, and weighed. */
async function rival(
  core: Core,
  id: ConversationId,
  route: string,
  past: EpochRecord,
  { votes, message }: CommitEnvelope,
): Promise<void> {
  const name = nameOf(message);
  const group = await core.threads.pastGroup(route, past.epoch);
  if (!group) return;
  if (past.commits[name] === undefined && !(await judgeCommit(core, group, message))) return;
  await reconsider(core, id, route, past.epoch, {
    commits: new Map([[name, message]]),
    votes: believed(core, await orderKeys(group), votes, message).map((vote) => ({ name, vote })),
  });
}

/** Votes that relays of this epoch really signed, for this commit, at the front of the line. */
function believed(core: Core, keys: OrderKeys, votes: Vote[], commit: Uint8Array): Vote[] {
  return votes.filter(({ relayId, entry }) => {
    const relay = core.pool.relay(relayId);
    if (!relay || entry.position !== 0) return false;
    const hash = keys.commitmentOf(relayId, entry.leaf);
    return (
      hash !== undefined && equalBytes(hash, commitHash(commit)) && verifyOrderEntry(entry, fromHex(relay.signingKey))
    );
  });
}
