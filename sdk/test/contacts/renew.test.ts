import { afterEach, expect, test } from "vitest";
import { acceptRequest } from "../../src/contacts/accept.ts";
import type { ContactRecord } from "../../src/contacts/book.ts";
import { requestContact } from "../../src/contacts/request.ts";
import { groupActions } from "../../src/conversation/group/actions.ts";
import { setTimer } from "../../src/conversation/group/setTimer.ts";
import { createMemoryStore } from "../../src/store/memory.ts";
import { type Crowd, createCrowd, type Device } from "../support/crowd.ts";
import { sendText } from "../support/say.ts";

/** A new group in place of the one that two people have. */

let crowd: Crowd;
afterEach(() => crowd.close());

const idOf = (one: Device, other: Device) => one.session.core.book.get(other.publicId)?.conversationId ?? "";
const threadOf = (one: Device, other: Device) => one.session.core.threads.get(idOf(one, other));
const routeOf = (one: Device, other: Device) => threadOf(one, other)?.sessions.at(-1)?.route;
const agreed = (one: Device, other: Device) => {
  const { timer = 0, pinned = [] } = threadOf(one, other)?.state ?? {};
  return { timer, pinned };
};

/** Ann and Bob, whose messages disappear after an hour, with one that is pinned. */
async function pair() {
  crowd = createCrowd();
  const [ann, bob] = [await crowd.open(1), await crowd.open(2)];
  const id = await crowd.befriend(ann, bob);
  const { id: message } = await sendText(ann.session.core, id, "pinned");
  await setTimer(ann.session.core, id, 3600);
  await groupActions(ann.session.core, id, "").pin(message, true);
  const both = { timer: 3600, pinned: [message] };
  const same = async (one: Device, other: Device) =>
    [agreed(one, other), agreed(other, one)].every((has) => JSON.stringify(has) === JSON.stringify(both));
  await crowd.until("the settings", () => same(ann, bob));
  return { ann, bob, same };
}

const renewed = (one: Device, other: Device, before: string | undefined) => () =>
  routeOf(one, other) === routeOf(other, one) && routeOf(one, other) !== before;

test("disappearing messages and pins stay when the session is renewed, also when they were switched off before", async () => {
  const { ann, bob, same } = await pair();
  let before = routeOf(ann, bob);
  await requestContact(ann.session.core, bob.publicId, undefined, { renew: true });
  await crowd.until("the new session", renewed(ann, bob, before));
  expect(await same(ann, bob)).toBe(true);

  // Bob alone has heard that they are off: what he knows counts.
  ann.online = false;
  await setTimer(bob.session.core, idOf(bob, ann), 0);
  await crowd.until("bob's timer", () => agreed(bob, ann).timer === 0);
  ann.inbox.splice(0);
  ann.online = true;
  before = routeOf(ann, bob);
  await requestContact(ann.session.core, bob.publicId, undefined, { renew: true });
  await crowd.until("the new session", renewed(ann, bob, before));
  await crowd.deliver();
  expect([agreed(ann, bob).timer, agreed(bob, ann).timer]).toEqual([0, 0]);
  expect(ann.session.core.intents.of(idOf(ann, bob))).toEqual([]);
});

test("disappearing messages and pins come back from whoever knows of them when the other one's device is new", async () => {
  const { ann, bob, same } = await pair();
  await bob.close();
  Object.assign(crowd.registry.entries.get(bob.publicId) as object, { devices: [] });
  const fresh = await crowd.open(2, { store: createMemoryStore() });
  const before = routeOf(ann, bob);
  await requestContact(ann.session.core, fresh.publicId, undefined, { renew: true });
  await crowd.until("a request", () => fresh.session.core.book.get(ann.publicId)?.state === "request-received");
  await acceptRequest(fresh.session.core, fresh.session.core.book.get(ann.publicId) as ContactRecord);
  await crowd.until("the new session", renewed(ann, fresh, before));
  await crowd.until("the settings", () => same(ann, fresh));
});
