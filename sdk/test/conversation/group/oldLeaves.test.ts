import { afterEach, expect, test } from "vitest";
import { devicesOf, expectedIn } from "../../../src/conversation/commit/judge.ts";
import { receiveLeave } from "../../../src/conversation/commit/receiveLeave.ts";
import { joinByLink } from "../../../src/conversation/entry/joinByLink.ts";
import { groupActions } from "../../../src/conversation/group/actions.ts";
import { createGroupConversation } from "../../../src/conversation/group/create.ts";
import { withoutPeople } from "../../../src/conversation/group/leave.ts";
import { type Leave, signLeave } from "../../../src/conversation/group/leaveStatement.ts";
import { encodeState, type GroupState } from "../../../src/conversation/group/state.ts";
import { orderKeys } from "../../../src/conversation/order/leaf.ts";
import { createGroupCommit } from "../../../src/crypto/mls/commit.ts";
import { epochOf } from "../../../src/crypto/mls/state.ts";
import { type Crowd, createCrowd, type Device } from "../../support/crowd.ts";

/** What somebody signed to leave, used after they came back or by whoever never heard of it. */

let crowd: Crowd;
afterEach(() => crowd.close());

const threadIn = ({ session }: Device, id: string) => session.core.threads.get(id);
const stateIn = (device: Device, id: string) => threadIn(device, id)?.state as GroupState;
const people = (device: Device, id: string) => Object.keys(stateIn(device, id)?.people ?? {}).sort();
const act = ({ session }: Device, id: string) => groupActions(session.core, id, "https://x");
const mlsOf = ({ session: { core } }: Device, id: string) =>
  core.threads.group(core.threads.get(id)?.sessions.at(-1)?.route ?? "");

/** Ann's open group with Eve, a member, and Dan, who comes by the link. */
async function group() {
  crowd = createCrowd();
  const [ann, eve, dan] = [await crowd.open(1), await crowd.open(3), await crowd.open(4)];
  await crowd.befriend(ann, eve);
  const id = await createGroupConversation(ann.session.core, { name: "Doors", people: [eve.publicId], join: "open" });
  const all = [ann, eve, dan];
  const inside = () =>
    all.every((one) => threadIn(one, id)?.left === undefined && people(one, id).length === 3) &&
    new Set(all.map((one) => threadIn(one, id)?.sessions.at(-1)?.branch)).size === 1;
  await joinByLink(dan.session.core, await act(ann, id).link());
  await crowd.until("all to be in", inside);
  return { id, ann, eve, dan, inside };
}

const signedNow = async (device: Device, id: string): Promise<Leave> => {
  const { groupContext } = await mlsOf(device, id);
  const { identity, identityKey } = device.session.core.self;
  return signLeave(groupContext.groupId, groupContext.epoch, identity.publicId, identityKey.secret);
};

/** In front of every line: a commit that carries this statement out. */
async function carryOut(by: Device, id: string, leave: Leave, who: Device): Promise<void> {
  const { core } = by.session;
  const mls = await mlsOf(by, id);
  const { leave: _, ...state } = withoutPeople(stateIn(by, id), [who.publicId]);
  const went = { ...state.went, [who.publicId]: Number(epochOf(mls)) };
  const { commit } = await createGroupCommit(mls, {
    remove: [who.session.core.self.deviceKey.public],
    groupState: encodeState({ ...state, leave: [leave], went }),
    expected: expectedIn(core, devicesOf(mls)),
  });
  const keys = await orderKeys(mls);
  for (const relay of [1, 2, 3])
    await core.pool.order(relay, keys.leaf(relay, commit), await keys.close(relay, commit));
}

test("a member may carry out what somebody signed, and not again when they are back", async () => {
  const { id, ann, eve, dan, inside } = await group();
  const old = await signedNow(dan, id);
  await act(dan, id).leave();
  await crowd.until("dan to be gone", () => [ann, eve].every((one) => people(one, id).length === 2));
  await joinByLink(dan.session.core, await act(ann, id).link());
  await crowd.until("dan to be back", inside);

  await carryOut(eve, id, old, dan);
  await act(ann, id).update({ name: "Still here" });
  await crowd.until(
    "the name",
    () => inside() && [ann, eve, dan].every((one) => stateIn(one, id).name === "Still here"),
  );
  expect(people(ann, id)).toContain(dan.publicId);

  await carryOut(eve, id, await signedNow(dan, id), dan);
  await act(ann, id).update({ name: "Gone" });
  await crowd.until("dan to be gone", () => people(ann, id).length === 2 && threadIn(dan, id)?.left === "left");
});

test("what is kept of those who want to go is one statement each, and none that nobody could carry out", async () => {
  const { id, ann, dan } = await group();
  const { core } = ann.session;
  const leave = await signedNow(dan, id);
  const body = { v: 1 as const, from: dan.publicId, conversationId: id };
  const forged = { ...leave, epoch: "3" };
  const other = { ...leave, publicId: ann.publicId };
  const late = { ...leave, epoch: "100000" };
  for (const bad of [forged, other, late]) await receiveLeave(core, { ...body, leave: bad });
  expect(core.intents.of(id)).toEqual([]);
  for (let n = 0; n < 2; n++) await receiveLeave(core, { ...body, leave });
  expect(core.intents.of(id).filter(({ kind }) => kind === "leave").length).toBe(1);
});
