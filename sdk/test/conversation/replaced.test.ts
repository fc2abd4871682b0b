import { expect, test, vi } from "vitest";
import { requestContact } from "../../src/contacts/request.ts";
import { dropReplaced } from "../../src/conversation/replaced.ts";
import { transmit } from "../../src/conversation/transmit.ts";
import { createMemoryStore } from "../../src/store/memory.ts";
import { sendText } from "../support/say.ts";
import { befriend, createRegistry, type Deposited, openPerson, routeOf, type TestPerson } from "../support/world.ts";

const day = 86_400_000;

async function connected() {
  let at = Date.now();
  const now = () => at;
  const [registry, store] = [createRegistry(), createMemoryStore()];
  const [alice, bob] = [await openPerson(registry, 1, { now, store }), await openPerson(registry, 2, { now })];
  const id = await befriend(bob, alice);
  const sessionsOf = (one: TestPerson) => one.core.threads.get(id)?.sessions ?? [];
  return {
    registry,
    alice,
    bob,
    id,
    sessionsOf,
    passes: (ms: number) => {
      at += ms;
    },
    /** Alice asks, Bob makes a new session; what else he says is left in `bob.sent`. */
    async renew() {
      await requestContact(alice.core, bob.publicId, undefined, { renew: true });
      await bob.receive(alice.sent.splice(0));
      await alice.receive(bob.sent.splice(0));
    },
    texts: async (one: TestPerson) =>
      (await one.core.threads.messages(id, { limit: 50 })).flatMap(({ body }) =>
        body.type === "text" ? [body.text] : [],
      ),
    deliveryOf: async (one: TestPerson, message: string) => (await one.core.threads.message(id, message))?.delivery,
    async reopen() {
      alice.close();
      await alice.core.serial.idle();
      await store.close();
      return openPerson(registry, 1, { now, store });
    },
    close() {
      alice.close();
      bob.close();
    },
  };
}

/** What the next task puts into the world, e.g. a confirmation 40 ms later. */
const nextOf = (one: TestPerson): Promise<Deposited[]> =>
  vi.waitFor(() => {
    expect(one.sent.length).toBeGreaterThan(0);
    return one.sent.splice(0);
  });

test("a text under way when its session is replaced is still read, and its delivery is known", async () => {
  const { alice, bob, id, sessionsOf, renew, texts, deliveryOf, close } = await connected();
  const { id: fromAlice } = await sendText(alice.core, id, "from alice, under way");
  const { id: fromBob } = await sendText(bob.core, id, "from bob, under way");
  const [late, later] = [alice.sent.splice(0), bob.sent.splice(0)];
  await renew();
  expect(sessionsOf(alice).map(({ closed }) => closed !== undefined)).toEqual([true, false]);
  await bob.receive(late);
  await alice.receive(later);
  expect(await texts(bob)).toContain("from alice, under way");
  expect(await texts(alice)).toContain("from bob, under way");
  await alice.receive(await nextOf(bob));
  await bob.receive(await nextOf(alice));
  expect(await deliveryOf(alice, fromAlice)).toBe("delivered");
  expect(await deliveryOf(bob, fromBob)).toBe("delivered");
  close();
});

test("a confirmation under a replaced session counts, and nothing new is sent under it", async () => {
  const { alice, bob, id, sessionsOf, renew, deliveryOf, close } = await connected();
  const { id: message } = await sendText(alice.core, id, "one");
  await bob.receive(alice.sent.splice(0));
  const confirmation = await nextOf(bob);
  await renew();
  const sent = sessionsOf(alice)[0]?.sent;
  await alice.receive(confirmation);
  expect(await deliveryOf(alice, message)).toBe("delivered");
  await sendText(alice.core, id, "two");
  expect(alice.sent).toHaveLength(1);
  expect(sessionsOf(alice)[0]).toMatchObject({ sent });
  close();
});

test.each(["before", "after"])(
  "a text that is missed in a replaced session comes over the new one, asked for %s",
  async (when) => {
    const { alice, bob, id, sessionsOf, renew, texts, close } = await connected();
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    try {
      await sendText(alice.core, id, "lost");
      alice.sent.splice(0);
      await sendText(alice.core, id, "seen");
      await bob.receive(alice.sent.splice(0));
      let asked: Deposited[] = [];
      if (when === "before") {
        await vi.advanceTimersByTimeAsync(2100);
        await bob.core.serial.idle();
        asked = bob.sent.splice(0);
      }
      await renew();
      await alice.receive(asked);
      await vi.advanceTimersByTimeAsync(60_000);
      await bob.core.serial.idle();
      await alice.receive(bob.sent.splice(0));
      await bob.receive(alice.sent.splice(0));
      expect((await texts(bob)).toSorted()).toEqual(["lost", "seen"]);
      expect(sessionsOf(bob)[0]?.received[alice.core.self.identity.deviceKey]).toEqual({ n: 2, missing: [] });
      expect(sessionsOf(alice).map(({ sent }) => sent)).toEqual([2, 0]);
    } finally {
      vi.useRealTimers();
      close();
    }
  },
);

test("texts of one person's session are not sent again for another, nor for one's own other device", async () => {
  const { registry, alice, bob, id, renew, close } = await connected();
  await sendText(alice.core, id, "for bob's first device");
  alice.sent.splice(0);
  const route = routeOf(alice, bob) as string;
  await renew();
  const [carol, second] = [await openPerson(registry, 3), await openPerson(registry, 2)];
  await befriend(carol, alice);
  await requestContact(second.core, alice.publicId);
  await alice.receive(second.sent.splice(0));
  await second.receive(alice.sent.splice(0));
  for (const asking of [carol, second]) {
    const theirs = asking.core.book.get(alice.publicId)?.conversationId as string;
    const device = alice.core.self.identity.deviceKey;
    const build = () => ({ v: 1 as const, type: "missing" as const, route, device, ns: [1] });
    await transmit(asking.core, theirs, { ttlSeconds: 60, to: [alice.publicId], build });
    await alice.receive(asking.sent.splice(0));
    expect(alice.sent).toEqual([]);
    asking.close();
  }
  close();
});

test("the newest four replaced sessions are kept", async () => {
  const { alice, sessionsOf, renew, passes, close } = await connected();
  const routes = [sessionsOf(alice)[0]?.route];
  for (let i = 0; i < 5; i++) {
    passes(3_600_000);
    await renew();
    routes.push(sessionsOf(alice).at(-1)?.route);
  }
  expect(sessionsOf(alice).map(({ route }) => route)).toEqual(routes.slice(1));
  expect(await alice.core.vault.get("group", routes[0] as string)).toBeUndefined();
  close();
});

test("a replaced session is forgotten after thirty days, when it is used and at the start", async () => {
  const { alice, bob, id, sessionsOf, renew, texts, passes, reopen, close } = await connected();
  const old = routeOf(alice, bob) as string;
  await sendText(alice.core, id, "in time");
  const inTime = alice.sent.splice(0);
  await sendText(alice.core, id, "too late");
  const tooLate = alice.sent.splice(0);
  await renew();
  passes(30 * day - 1000);
  await bob.receive(inTime);
  passes(2000);
  await bob.receive(tooLate);
  expect(await texts(bob)).toEqual(["in time"]);
  expect(bob.core.threads.byRoute(old)).toBeUndefined();
  expect(await bob.core.vault.get("group", old)).toBeUndefined();
  const again = await reopen();
  expect(again.core.threads.byRoute(old)).toBeDefined();
  await dropReplaced(again.core);
  expect(again.core.threads.byRoute(old)).toBeUndefined();
  expect(sessionsOf(again)).toHaveLength(1);
  again.close();
  close();
});
