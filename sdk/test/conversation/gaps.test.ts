import { afterEach, expect, test, vi } from "vitest";
import type { SessionRecord } from "../../src/conversation/threads.ts";
import { transmit } from "../../src/conversation/transmit.ts";
import { sendText } from "../support/say.ts";
import { befriend, createRegistry, openPerson, routeOf, type TestPerson } from "../support/world.ts";

afterEach(() => void vi.useRealTimers());

async function connected(now: () => number) {
  const registry = createRegistry();
  const [alice, bob] = [await openPerson(registry, 1, { now }), await openPerson(registry, 2)];
  const id = await befriend(bob, alice);
  return { alice, bob, id };
}

const askFor = async (person: TestPerson, of: TestPerson, id: string, ns: number[]) => {
  const device = of.core.self.identity.deviceKey;
  const build = ({ route }: SessionRecord) => ({ v: 1 as const, type: "missing" as const, route, device, ns });
  await transmit(person.core, id, { ttlSeconds: 60, to: [of.publicId], build });
  return person.sent.splice(0);
};

test("however often a text is asked for, it is sent again once a minute", async () => {
  let at = Date.now();
  const { alice, bob, id } = await connected(() => at);
  await sendText(alice.core, id, "one");
  await sendText(alice.core, id, "two");
  alice.sent.splice(0);
  await alice.receive(await askFor(bob, alice, id, [1, 1, 1, 2, 1]));
  expect(alice.sent.splice(0)).toHaveLength(2);
  await alice.receive(await askFor(bob, alice, id, [1, 2]));
  expect(alice.sent).toHaveLength(0);
  // What does not exist is answered once as well.
  await alice.receive(await askFor(bob, alice, id, [9, 9]));
  await alice.receive(await askFor(bob, alice, id, [9]));
  expect(alice.sent.splice(0)).toHaveLength(1);
  at += 61_000;
  await alice.receive(await askFor(bob, alice, id, [2]));
  expect(alice.sent).toHaveLength(1);
  for (const person of [alice, bob]) person.close();
});

test("nothing is sent again while hundreds of payloads wait for that person", async () => {
  const { alice, bob, id } = await connected(Date.now);
  await sendText(alice.core, id, "one");
  alice.sent.splice(0);
  const size = alice.core.outbox.size;
  alice.core.outbox.size = () => 512;
  await alice.receive(await askFor(bob, alice, id, [1]));
  expect(alice.sent).toHaveLength(0);
  alice.core.outbox.size = size;
  await alice.receive(await askFor(bob, alice, id, [1]));
  expect(alice.sent).toHaveLength(1);
  for (const person of [alice, bob]) person.close();
});

test("who was asked in vain is asked again once something is heard from them", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const { alice, bob, id } = await connected(Date.now);
  const say = async (text: string) => {
    await sendText(alice.core, id, text);
    return alice.sent.splice(0);
  };
  const asked = async () => {
    await vi.advanceTimersByTimeAsync(700_000);
    await bob.core.serial.idle();
    return bob.sent.splice(0);
  };
  const textsOf = async ({ core }: TestPerson) =>
    (await core.threads.messages(id, { limit: 10 })).flatMap(({ body }) => (body.type === "text" ? [body.text] : []));
  await say("lost");
  await bob.receive(await say("two"));
  for (let lost = await asked(); lost.length > 0; lost = await asked());
  await bob.receive(await say("three"));
  await alice.receive(await asked());
  await bob.receive(alice.sent.splice(0));
  expect((await textsOf(bob)).toSorted()).toEqual(["lost", "three", "two"]);
  for (const person of [alice, bob]) person.close();
});

test("what cannot be sent again to one device of a person is still expected by another", async () => {
  const { alice, bob, id } = await connected(Date.now);
  const say = async (text: string) => {
    await sendText(alice.core, id, text);
    return alice.sent.splice(0);
  };
  await say("lost");
  await bob.receive(await say("two"));
  const route = routeOf(bob, alice) as string;
  const device = alice.core.self.identity.deviceKey;
  const missing = () => bob.core.threads.byRoute(route)?.session.received[device]?.missing;
  const gone = async (to: string) => {
    const build = () => ({ v: 1 as const, type: "gone" as const, to, route, ns: [1] });
    await transmit(alice.core, id, { ttlSeconds: 60, to: [bob.publicId], build });
    await bob.receive(alice.sent.splice(0));
  };
  await gone(`0x${"11".repeat(32)}`);
  expect(missing()).toEqual([1]);
  await gone(bob.core.self.identity.deviceKey);
  expect(missing()).toEqual([]);
  for (const person of [alice, bob]) person.close();
});
