import { expect, test } from "vitest";
import { signalChannel } from "../../src/client/signalChannel.ts";
import { deleteHere } from "../../src/conversation/content/here.ts";
import type { HistoryMessage } from "../../src/conversation/content/types.ts";
import { readNewest, readPage } from "../../src/conversation/history/page.ts";
import { messagesAt } from "../../src/conversation/history/places.ts";
import { sendContent } from "../../src/conversation/send/sendContent.ts";
import { summariesOf } from "../../src/conversation/view.ts";
import { createMemoryStore } from "../../src/store/memory.ts";
import { openVault } from "../../src/store/vault.ts";
import { createCrowd, type Device } from "../support/crowd.ts";
import { sendText } from "../support/say.ts";

test("the list shows the newest message as it is now: edited, deleted, reacted to, gone", async () => {
  const crowd = createCrowd();
  let at = Date.now();
  const now = () => at;
  const [alice, bob] = [await crowd.open(1, { now }), await crowd.open(2, { now })];
  const id = await crowd.befriend(alice, bob);
  const last = async (device: Device) => {
    const { core } = device.session;
    const [summary] = await summariesOf(core, core.threads.all());
    return summary?.last;
  };
  const body = async (device: Device) => (await last(device))?.body;
  const text = (text: string) => ({ type: "text", text });
  const { core } = alice.session;
  expect(await last(alice)).toBeUndefined();

  const first = await sendText(core, id, "first");
  const second = await sendText(core, id, "second");
  await crowd.until("both", async () => (await bob.texts(id)).length === 2);
  expect([await body(alice), await body(bob)]).toEqual([text("second"), text("second")]);

  await sendContent(core, id, { kind: "edit", target: second.id, text: "second, better" });
  await sendContent(bob.session.core, id, { kind: "reaction", target: second.id, emoji: "👍" });
  await crowd.until("the edit and the reaction", async () => {
    const [seen, shown] = [await body(bob), await last(alice)];
    return seen?.type === "text" && seen.text === "second, better" && shown?.reactions?.length === 1;
  });
  await sendContent(core, id, { kind: "edit", target: first.id, text: "first, better" });
  expect(await body(alice)).toEqual(text("second, better"));

  await deleteHere(core, id, second.id);
  expect(await body(alice)).toEqual(text("first, better"));
  await sendContent(core, id, { kind: "delete", target: first.id });
  expect(await body(alice)).toMatchObject({ type: "deleted" });
  expect(await body(bob)).toEqual(text("second, better"));

  await core.serial.run(id, async () => {
    const thread = core.threads.get(id);
    if (thread) await core.threads.save({ thread: { ...thread, state: { ...thread.state, timer: 60 } } });
  });
  await sendText(core, id, "soon gone");
  expect(await body(alice)).toEqual(text("soon gone"));
  at += 61_000;
  await core.sweeper.resume();
  expect(await body(alice)).toMatchObject({ type: "deleted" });
  const unread = await summariesOf(bob.session.core, bob.session.core.threads.all());
  expect(unread[0]?.unread).toBeGreaterThan(0);
  await crowd.close();
});

test("a thousand conversations are listed by one read, in their order", async () => {
  const vault = await openVault(createMemoryStore());
  const threads = Array.from({ length: 1000 }, (_, n) => ({ id: `c${n}`, next: n % 7 === 0 ? 1 : (n % 5) + 2 }));
  const messageOf = (number: number) => ({ id: `m${number}`, number }) as HistoryMessage;
  await vault.write(
    threads.flatMap(({ id, next }) =>
      Array.from({ length: next - 1 }, (_, i) => ({ collection: messagesAt(id), key: i + 1, value: messageOf(i + 1) })),
    ),
  );
  // Of these the newest ones are gone.
  await vault.write([1, 2].map((n) => ({ collection: messagesAt(`c3`), key: 5 - n, delete: true as const })));
  let [many, ranges] = [0, 0];
  const newest = await readNewest(
    {
      ...vault,
      async getMany<T>(places: readonly { collection: string; key: string | number }[]) {
        many++;
        return vault.getMany<T>(places);
      },
      async range<T>(collection: string, options?: object) {
        ranges++;
        return vault.range<T>(collection, options);
      },
    },
    threads,
  );
  expect([many, ranges]).toEqual([1, 1]);
  const slowly = await Promise.all(threads.map(async ({ id }) => (await readPage(vault, id, { limit: 1 }))[0]));
  expect(newest).toEqual(slowly);
  expect(newest[3]).toEqual(messageOf(2));
});

test("a call hears that a relay has stored what it says", async () => {
  const crowd = createCrowd();
  const [alice, bob] = [await crowd.open(1), await crowd.open(2)];
  await crowd.befriend(alice, bob);
  let stored = 0;
  await signalChannel(alice.session.core, bob.publicId)?.send({ kind: "test" } as never, { onStored: () => stored++ });
  await crowd.until("a receipt", () => stored === 1);
  await crowd.close();
});
