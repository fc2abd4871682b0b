import { beforeEach, describe, expect, test } from "vitest";
import { applyContent, type ContentContext } from "../../../src/conversation/content/apply.ts";
import {
  expiringConversations,
  expiryOf,
  forgetOps,
  startTimers,
  sweepExpired,
} from "../../../src/conversation/content/expire.ts";
import { contentOps, historyOps, readSlice } from "../../../src/conversation/content/record.ts";
import { contentSchema } from "../../../src/conversation/content/schema.ts";
import type { ContentEvent, HistoryMessage } from "../../../src/conversation/content/types.ts";
import { numberAtTime, numberOf, readPage } from "../../../src/conversation/history/page.ts";
import { eventOf } from "../../../src/conversation/send/wire.ts";
import { createMemoryStore, openVault, type Store, type Vault } from "../../../src/store/index.ts";
import { event, id, lin, text, wei } from "./support.ts";

let store: Store;
let vault: Vault;
let next: number;
beforeEach(async () => {
  store = createMemoryStore();
  vault = await openVault(store);
  next = 0;
});

async function take(one: ContentEvent, more: Partial<ContentContext> = {}) {
  const slice = await readSlice(vault, "c", one, { next });
  const context = { self: lin, group: false, isAdmin: () => false, now: 2_000_000, ...more };
  const changes = applyContent(slice, one, context);
  await vault.write(contentOps("c", slice, changes));
  if (changes.added) next++;
  return changes;
}
const page = (limit = 50) => readPage(vault, "c", { limit });

describe("what an event changes is on the disk", () => {
  test("with what waits for it, over a restart", async () => {
    await take(event(2, wei, { kind: "edit", target: id(1), text: "two" }));
    await take(event(3, wei, { kind: "reaction", target: id(1), emoji: "👍" }));
    await vault.close();
    vault = await openVault(store);
    await take(event(1, wei, text("one")));
    expect(await page()).toMatchObject([{ id: id(1), body: { text: "two" }, reactions: [{ emoji: "👍" }] }]);
    expect(await vault.range("waiting c")).toEqual([]);
  });

  test("the sound of a voice message beside it, until it is deleted", async () => {
    await take(event(1, wei, { kind: "voice", seconds: 1, waveform: [5], mime: "audio/ogg", audio: "AQID" }));
    expect(await vault.get("audio c", id(1))).toEqual(Uint8Array.of(1, 2, 3));
    expect(JSON.stringify(await page())).not.toContain("AQID");
    await take(event(2, wei, { kind: "delete", target: id(1) }));
    expect(await vault.get("audio c", id(1))).toBeUndefined();
  });

  test("that a voice message was forwarded, also when it is said again", async () => {
    const sound = { kind: "voice", seconds: 1, waveform: [5], mime: "audio/ogg", audio: "AQID" } as const;
    const forwarded = contentSchema.parse({ ...sound, forwarded: true });
    await take(event(1, wei, forwarded));
    const [message] = await page();
    expect(message?.forwarded).toBe(true);
    expect((await eventOf(vault, "c", message as HistoryMessage))?.content).toEqual({ ...sound, forwarded: true });
    await take(event(2, wei, contentSchema.parse(sound)));
    expect((await page())[1]?.forwarded).toBeUndefined();
  });

  test("what was removed on this device does not come back", async () => {
    await take(event(1, wei, text("one")));
    const [message] = await page();
    await vault.write(forgetOps("c", message as HistoryMessage));
    await take(event(1, wei, text("one")));
    await take(event(2, wei, { kind: "edit", target: id(1), text: "two" }));
    expect(await page()).toEqual([]);
    expect(await vault.range("waiting c")).toEqual([]);
  });
});

describe("disappearing messages", () => {
  test("count from when they were read here, or sent", async () => {
    await take(event(1, wei, text("received"), { timer: 60 }));
    await take(event(2, lin, text("sent"), { timer: 60, at: 2_000_000 }));
    const [received, sent] = await page();
    expect(received?.expiresAt).toBeUndefined();
    expect(sent?.expiresAt).toBe(2_060_000);
    const [read] = startTimers([received, sent] as HistoryMessage[], 3_000_000);
    expect(read).toMatchObject({ id: id(1), expiresAt: 3_060_000 });
    expect(startTimers([read as HistoryMessage], 4_000_000)).toEqual([]);
    expect(expiryOf(read as HistoryMessage, 9_000_000).expiresAt).toBe(3_060_000);
  });

  test("are swept when their time is over, with their sound and their mark for the search, and not before", async () => {
    const sound = { kind: "voice", seconds: 1, waveform: [], mime: "audio/ogg", audio: "AQID" } as const;
    await take(event(1, lin, { ...sound, waveform: [] }, { timer: 60, at: 2_000_000 }));
    await take(event(2, lin, text("later"), { timer: 120, at: 2_000_000 }));
    await take(event(3, lin, text("stays")));
    expect(await expiringConversations(vault)).toEqual(["c"]);
    const early = await sweepExpired(vault, "c", 2_059_999);
    expect([early.expired, early.next]).toEqual([[], 2_060_000]);
    const first = await sweepExpired(vault, "c", 2_060_000);
    await vault.write([{ collection: "search marks", drop: true }]);
    await vault.write(first.ops);
    expect(first).toMatchObject({ expired: [{ id: id(1), number: 0 }], next: 2_120_000 });
    expect((await page()).map((one) => one.id)).toEqual([id(2), id(3)]);
    expect(await vault.get("audio c", id(1))).toBeUndefined();
    expect(await vault.range("search marks")).toHaveLength(1);
    const last = await sweepExpired(vault, "c", 9_000_000);
    await vault.write(last.ops);
    expect(last.next).toBeUndefined();
    expect((await page()).map((one) => one.id)).toEqual([id(3)]);
    expect(await expiringConversations(vault)).toEqual([]);
  });

  test("are swept in steps when there are thousands, all of one moment", async () => {
    const all = Array.from({ length: 1200 }, (_, n) =>
      expiryOf(
        {
          id: id(n),
          number: n,
          from: lin,
          outgoing: true,
          at: 0,
          body: { type: "text", text: "x" },
          delivery: "sent",
          timer: 1,
        },
        0,
      ),
    );
    await vault.write(all.flatMap((one) => historyOps("c", one)));
    const counts: number[] = [];
    for (let sweep = await sweepExpired(vault, "c", 5000); ; sweep = await sweepExpired(vault, "c", 5000)) {
      counts.push(sweep.expired.length);
      await vault.write(sweep.ops);
      if (sweep.next === undefined) break;
      expect(sweep.next).toBe(5000);
    }
    expect(counts).toEqual([500, 500, 200]);
    expect(await page()).toEqual([]);
  });

  test("are words only: what leads to money stays, whatever its sender says", async () => {
    const lower = (byte: string, times: number) => `0x${byte.repeat(times)}` as const;
    const packet = {
      kind: "packet",
      ...{ packetId: 1, asset: { chainId: 1, token: lower("11", 20) }, block: 1 },
      ...{ key: lower("22", 32), shares: 2, lucky: false, expiresAt: 9_000_000 },
    } as const;
    await take(event(1, lin, packet, { timer: 60, at: 2_000_000 }));
    expect((await page())[0]?.timer).toBeUndefined();
    expect((await sweepExpired(vault, "c", 9_000_000)).expired).toEqual([]);
  });

  test("keep their time when they are deleted for everyone", async () => {
    await take(event(1, lin, text("secret"), { timer: 60, at: 2_000_000 }));
    await take(event(2, lin, { kind: "delete", target: id(1) }));
    await vault.write((await sweepExpired(vault, "c", 2_060_000)).ops);
    expect(await page()).toEqual([]);
  });
});

describe("pages", () => {
  // Every tenth is missing, as after deletions.
  const numbers = Array.from({ length: 200 }, (_, n) => n).filter((n) => n % 10 !== 3);
  beforeEach(async () => {
    await vault.write(
      numbers.flatMap((number) =>
        historyOps("c", {
          id: id(number),
          number,
          from: wei,
          outgoing: false,
          at: number * 1000,
          body: { type: "text", text: "x" },
          delivery: "delivered",
        }),
      ),
    );
  });
  const read = async (bounds: Parameters<typeof readPage>[2]) =>
    (await readPage(vault, "c", bounds)).map(({ number }) => number);

  test("go back, forth and around", async () => {
    expect(await read({ limit: 3 })).toEqual([197, 198, 199]);
    expect(await read({ before: 5, limit: 3 })).toEqual([1, 2, 4]);
    expect(await read({ before: 0, limit: 3 })).toEqual([]);
    expect(await read({ after: 2, limit: 3 })).toEqual([4, 5, 6]);
    expect(await read({ after: -1, limit: 2 })).toEqual([0, 1]);
    expect(await read({ after: 199, limit: 3 })).toEqual([]);
    expect(await read({ around: 100, limit: 5 })).toEqual([98, 99, 100, 101, 102]);
    expect(await read({ around: 0, limit: 4 })).toEqual([0, 1]);
    expect(await read({ around: 199, limit: 4 })).toEqual([196, 197, 198, 199]);
    expect(await read({ limit: 0 })).toEqual([]);
  });

  test("find a message and a time", async () => {
    expect(await numberOf(vault, "c", id(44))).toBe(44);
    expect(await numberOf(vault, "c", id(999))).toBeUndefined();
    expect(await numberAtTime(vault, "c", 0)).toBe(0);
    expect(await numberAtTime(vault, "c", 100_500)).toBe(101);
    expect(await numberAtTime(vault, "c", 103_000)).toBe(104);
    expect(await numberAtTime(vault, "c", 199_000)).toBe(199);
    expect(await numberAtTime(vault, "c", 199_001)).toBeUndefined();
    expect(await numberAtTime(vault, "empty", 0)).toBeUndefined();
  });
});
