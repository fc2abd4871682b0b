import { expect, test } from "vitest";
import { openVideoRights } from "../../src/client/videoRights.ts";
import { createMemoryStore } from "../../src/store/memory.ts";
import { createRegistry, openPerson } from "../support/world.ts";

const hour = 3_600_000;

async function two() {
  let at = Date.now();
  const registry = createRegistry();
  const store = createMemoryStore();
  const [alice, bob] = [await openPerson(registry, 1, { store, now: () => at }), await openPerson(registry, 2)];
  const entry = registry.entries.get(bob.publicId);
  if (!entry) throw new Error("bob is not registered");
  return {
    registry,
    alice,
    entry,
    bob: bob.publicId,
    rights: await openVideoRights(alice.core),
    passes: (ms: number) => {
      at += ms;
    },
    close() {
      alice.close();
      bob.close();
    },
  };
}

test("nobody is refused before the chain has said so, and then until it says otherwise", async () => {
  const { rights, entry, bob, passes, close } = await two();
  entry.video = false;
  expect(rights.may(bob)).toBe(true);
  expect(await rights.ask(bob)).toBe(false);
  expect(rights.may(bob)).toBe(false);
  entry.video = true;
  passes(10_000);
  expect(await rights.ask(bob)).toBe(true);
  expect(rights.may(bob)).toBe(true);
  close();
});

test("a chain that does not answer changes nothing", async () => {
  const { registry, rights, entry, bob, passes, close } = await two();
  registry.reachable = false;
  expect(await rights.ask(bob)).toBe(true);
  registry.reachable = true;
  entry.video = false;
  expect(await rights.ask(bob)).toBe(false);
  registry.reachable = false;
  passes(hour);
  expect(await rights.ask(bob)).toBe(false);
  close();
});

test("a yes is kept for an hour, several questions at once are one, and a restart forgets nothing", async () => {
  const { registry, alice, rights, entry, bob, passes, close } = await two();
  const reads = registry.reads;
  expect(await Promise.all([rights.ask(bob), rights.ask(bob)])).toEqual([true, true]);
  const cost = registry.reads - reads;
  expect(cost).toBe(2);
  entry.video = false;
  passes(hour - 1);
  expect(await rights.ask(bob)).toBe(true);
  expect(registry.reads - reads).toBe(cost);
  passes(1);
  expect(await rights.ask(bob)).toBe(false);
  expect((await openVideoRights(alice.core)).may(bob)).toBe(false);
  close();
});
