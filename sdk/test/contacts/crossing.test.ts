import { afterEach, expect, test, vi } from "vitest";
import { blockContact } from "../../src/contacts/block.ts";
import { requestContact } from "../../src/contacts/request.ts";
import { createMemoryStore } from "../../src/store/memory.ts";
import { sendText } from "../support/say.ts";
import { befriend, createRegistry, type Deposited, openPerson, routeOf, type TestPerson } from "../support/world.ts";

afterEach(() => {
  vi.useRealTimers();
});

/** Sorted: the one with the lower public ID first. */
async function twoPeople() {
  const registry = createRegistry();
  const people = [await openPerson(registry, 1), await openPerson(registry, 2)];
  const [low, high] = people.sort((a, b) => (a.publicId < b.publicId ? -1 : 1)) as [TestPerson, TestPerson];
  return { registry, low, high, close: () => people.forEach((person) => void person.close()) };
}
const stateOf = (one: TestPerson, other: TestPerson) => one.core.book.get(other.publicId)?.state;

test("a welcome to an earlier request connects, and one to a newer request replaces that session", async () => {
  const { low, high, close } = await twoPeople();
  await requestContact(low.core, high.publicId);
  const first = low.sent.splice(0);
  await requestContact(low.core, high.publicId);
  const second = low.sent.splice(0);
  await high.receive(first);
  await requestContact(high.core, low.publicId);
  await low.receive(high.sent.splice(0));
  expect(stateOf(low, high)).toBe("connected");
  await high.receive(second);
  const answer = high.sent.splice(0);
  await low.receive(answer);
  expect(routeOf(low, high)).toBe(routeOf(high, low));
  close();
});

test("the higher of two who asked at once accepts by itself when no welcome comes", async () => {
  const { low, high, close } = await twoPeople();
  await requestContact(high.core, low.publicId);
  const lost = high.sent.splice(0);
  await requestContact(low.core, high.publicId);
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  await high.receive(low.sent.splice(0));
  expect(stateOf(high, low)).toBe("request-sent");
  await vi.advanceTimersByTimeAsync(31_000);
  vi.useRealTimers();
  await vi.waitFor(() => expect(stateOf(high, low)).toBe("connected"), 20_000);
  await low.receive(high.sent.splice(0));
  expect(stateOf(low, high)).toBe("connected");
  // The request that seemed lost comes after all: both end with the same session.
  await low.receive(lost);
  await high.receive(low.sent.splice(0));
  expect(routeOf(low, high)).toBe(routeOf(high, low));
  close();
});

test("when both make a session, the one of the lower public ID stays, and what was said in the other is read", async () => {
  const { low, high, close } = await twoPeople();
  await requestContact(high.core, low.publicId);
  await requestContact(low.core, high.publicId);
  const [fromHigh, fromLow] = [high.sent.splice(0), low.sent.splice(0)];
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  await high.receive(fromLow);
  await vi.advanceTimersByTimeAsync(31_000);
  vi.useRealTimers();
  await vi.waitFor(() => expect(stateOf(high, low)).toBe("connected"), 20_000);
  const idAtHigh = high.core.book.get(low.publicId)?.conversationId as string;
  await sendText(high.core, idAtHigh, "too early");
  await low.receive(fromHigh);
  const id = low.core.book.get(high.publicId)?.conversationId as string;
  const route = routeOf(low, high);
  await low.receive(high.sent.splice(0));
  expect(await low.core.threads.messages(id, { limit: 9 })).toMatchObject([{ body: { text: "too early" } }]);
  await high.receive(low.sent.splice(0));
  expect([routeOf(low, high), routeOf(high, low)]).toEqual([route, route]);
  expect(low.core.book.get(high.publicId)).toMatchObject({ state: "connected", late: [] });
  close();
});

test("welcomes to two requests may come in the wrong order: the newer session stays, the older one receives", async () => {
  let at = Date.now();
  const registry = createRegistry();
  const [alice, bob] = [await openPerson(registry, 1, { now: () => at }), await openPerson(registry, 2)];
  const id = await befriend(bob, alice);
  const answers: Deposited[][] = [];
  for (const text of ["in the older", "in the newer"]) {
    await requestContact(alice.core, bob.publicId, undefined, { renew: true });
    await bob.receive(alice.sent.splice(0));
    await sendText(bob.core, id, text);
    answers.unshift(bob.sent.splice(0));
  }
  await alice.receive(answers.flat());
  const texts = (await alice.core.threads.messages(id, { limit: 9 })).map(({ body }) => body);
  expect(texts).toEqual([
    { type: "text", text: "in the newer" },
    { type: "text", text: "in the older" },
  ]);
  expect(routeOf(alice, bob)).toBe(routeOf(bob, alice));
  // A welcome that comes when nobody can send in its session any more is of no use.
  await requestContact(alice.core, bob.publicId, undefined, { renew: true });
  await bob.receive(alice.sent.splice(0));
  const never = bob.sent.splice(0);
  await requestContact(alice.core, bob.publicId, undefined, { renew: true });
  await bob.receive(alice.sent.splice(0));
  await alice.receive(bob.sent.splice(0));
  const before = alice.core.threads.get(id)?.sessions;
  at += 31 * 86_400_000;
  await alice.receive(never);
  expect(alice.core.threads.get(id)?.sessions).toEqual(before);
  alice.close();
  bob.close();
});

test("a request that waited while the person blocked its sender is dropped", async () => {
  const { low, high, close } = await twoPeople();
  await requestContact(high.core, low.publicId);
  await low.receive(high.sent.splice(0));
  await requestContact(high.core, low.publicId);
  const lane = Promise.withResolvers<void>();
  const held = low.core.serial.run(`contact ${high.publicId}`, () => lane.promise);
  const blocking = blockContact(low.core, high.publicId);
  const receiving = low.receive(high.sent.splice(0));
  await new Promise((resolve) => setTimeout(resolve, 100));
  lane.resolve();
  await Promise.all([held, blocking, receiving]);
  expect(stateOf(low, high)).toBe("blocked");
  close();
});

test("a contact's requests are accepted by themselves only a few times an hour", async () => {
  const { registry, low, high, close } = await twoPeople();
  await requestContact(high.core, low.publicId);
  await low.receive(high.sent.splice(0));
  await requestContact(low.core, high.publicId);
  const answered = () => low.core.book.get(high.publicId)?.done.length ?? 0;
  const before = answered();
  const seed = high.core.self.identity.pseudonym === "person1" ? 1 : 2;
  const other = await openPerson(registry, seed, { store: createMemoryStore() });
  for (let i = 0; i < 7; i++) {
    await requestContact(other.core, low.publicId);
    await low.receive(other.sent.splice(0));
  }
  expect(answered() - before).toBe(5);
  close();
  other.close();
});
