import { expect, test } from "vitest";
import { openThreads, type Thread } from "../../src/conversation/threads.ts";
import { utf8 } from "../../src/crypto/bytes.ts";
import { encryptMessage } from "../../src/crypto/mls/message.ts";
import { SkrumbleError } from "../../src/errors/index.ts";
import { createMemoryStore } from "../../src/store/memory.ts";
import type { Store, StoreOp } from "../../src/store/types.ts";
import { openVault, type VaultRange } from "../../src/store/vault.ts";
import { createCrowd } from "../support/crowd.ts";
import { sendText } from "../support/say.ts";

/** A disk that can be cut off: before a write is on it, or after. */
function breaking(): { store: Store; cut?: "before" | "after" } {
  const memory = createMemoryStore();
  const disk: { store: Store; cut?: "before" | "after" } = {
    store: {
      ...memory,
      async write(ops: StoreOp[]) {
        const { cut } = disk;
        if (cut !== "before") await memory.write(ops);
        if (cut) throw new SkrumbleError("STORE_FAILED");
      },
    },
  };
  return disk;
}

test.each(["before", "after"] as const)("no key is used twice when a device dies just %s a write", async (cut) => {
  const crowd = createCrowd();
  const disk = breaking();
  let alice = await crowd.open(1, { store: disk.store });
  const bob = await crowd.open(2);
  const id = await crowd.befriend(alice, bob);
  const heard = (text: string) => crowd.until(text, async () => (await bob.texts(id)).includes(text));
  await sendText(alice.session.core, id, "one");
  await heard("one");

  disk.cut = cut;
  await expect(sendText(alice.session.core, id, "lost or found")).rejects.toMatchObject({ code: "STORE_FAILED" });
  await alice.kill();
  delete disk.cut;
  alice = await crowd.open(1, { store: disk.store });
  await sendText(alice.session.core, id, "two");
  await heard("two");
  await sendText(bob.session.core, id, "three");
  await crowd.until("three", async () => (await alice.texts(id)).includes("three"));
  if (cut === "after") await heard("lost or found");
  expect(await bob.texts(id)).toEqual(["one", ...(cut === "after" ? ["lost or found"] : []), "two", "three"]);
  await crowd.close();
});

test("no key is used twice when a write fails that is on the disk all the same", async () => {
  const crowd = createCrowd();
  const disk = breaking();
  let alice = await crowd.open(1, { store: disk.store });
  const bob = await crowd.open(2);
  const id = await crowd.befriend(alice, bob);
  disk.cut = "after";
  await expect(sendText(alice.session.core, id, "thought lost")).rejects.toMatchObject({ code: "STORE_FAILED" });
  delete disk.cut;
  await sendText(alice.session.core, id, "next");
  await crowd.until("the next", async () => (await bob.texts(id)).includes("next"));
  await alice.close();
  alice = await crowd.open(1, { store: disk.store });
  await crowd.until("both", async () => (await bob.texts(id)).length === 2);
  expect(await bob.texts(id)).toEqual(["next", "thought lost"]);
  expect(await alice.texts(id)).toEqual(["thought lost", "next"]);
  await crowd.close();
});

test("who reads a group for the first time while a message goes out gets the group after it", async () => {
  const crowd = createCrowd();
  const store = createMemoryStore();
  const [alice, bob] = [await crowd.open(1, { store }), await crowd.open(2)];
  const id = await crowd.befriend(alice, bob);
  const route = alice.session.core.threads.get(id)?.sessions[0]?.route as string;
  await crowd.close();

  const vault = await openVault(store);
  const [held, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  let first = true;
  const threads = await openThreads({
    ...vault,
    async range<T>(collection: string, options?: VaultRange) {
      const rows = await vault.range<T>(collection, options);
      if (collection.startsWith("ratchets") && first) {
        first = false;
        held.resolve();
        await released.promise;
      }
      return rows;
    },
  });
  const early = threads.group(route);
  await held.promise;
  const { group } = await encryptMessage(await threads.group(route), utf8("meanwhile"));
  await threads.save({ thread: threads.get(id) as Thread, groups: new Map([[route, group]]) });
  released.resolve();
  expect(await early).toBe(group);
  expect(await threads.group(route)).toBe(group);
});
