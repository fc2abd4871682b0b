import { expect, test } from "vitest";
import { readThreads, threadOps } from "../../src/conversation/threadRecords.ts";
import type { Thread } from "../../src/conversation/threads.ts";
import { createMemoryStore } from "../../src/store/memory.ts";
import { openVault } from "../../src/store/vault.ts";
import { createCrowd } from "../support/crowd.ts";
import { sendText } from "../support/say.ts";

test("who belongs to a conversation is written when it changes, the rest with every message", async () => {
  const crowd = createCrowd();
  const store = createMemoryStore();
  const [alice, bob] = [await crowd.open(1, { store }), await crowd.open(2)];
  const id = await crowd.befriend(alice, bob);
  const { threads } = alice.session.core;
  const before = threads.get(id) as Thread;
  await sendText(alice.session.core, id, "hello");
  const after = threads.get(id) as Thread;

  const written = (from: Thread | undefined, to: Thread) => threadOps(from, to).map(({ collection }) => collection);
  expect(written(undefined, after)).toEqual(["thread", "members"]);
  expect(written(before, after)).toEqual(["thread"]);
  expect(JSON.stringify(threadOps(before, after))).not.toContain('"people"');
  expect(written(after, after)).toEqual([]);
  expect(written(after, { ...after, state: { ...after.state, timer: 60 } })).toEqual(["thread", "members"]);
  expect(written(after, { ...after, devices: [...after.devices] })).toEqual(["thread", "members"]);

  await crowd.close();
  const vault = await openVault(store);
  const [kept] = await readThreads(vault);
  expect(kept).toMatchObject({ id, state: after.state, devices: after.devices, next: after.next });
  await vault.write([{ collection: "members", key: id, delete: true }]);
  expect(await readThreads(vault)).toEqual([]);
});
