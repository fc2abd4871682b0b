import { IDBKeyRange as FakeRange, IDBFactory } from "fake-indexeddb";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { loadSelf } from "../../src/client/self.ts";
import { SkrumbleError } from "../../src/errors/index.ts";
import { createIndexedDbStore, createMemoryStore, openVault, type Store } from "../../src/store/index.ts";
import { type Crowd, createCrowd, type Device } from "../support/deviceCrowd.ts";
import { sendText } from "../support/say.ts";

/** A device whose store was damaged: by a bad disk, or by a browser that threw a part of it away. */

let crowd: Crowd;
beforeEach(() => Object.assign(globalThis, { indexedDB: new IDBFactory(), IDBKeyRange: FakeRange }));

const secrets = Array.from({ length: 6 }, (_, n) => `secret words ${n}`);
type Row = { key: string; value: Uint8Array };

/** Ann's store after a conversation, and how to put it back as it was. */
async function world() {
  crowd = createCrowd();
  const store = createMemoryStore();
  const [ann, bob] = [await crowd.open(1, { store }), await crowd.open(2)];
  const id = await crowd.befriend(ann, bob);
  for (const text of secrets) await sendText(ann.session.core, id, text);
  await sendText(bob.session.core, id, "an answer");
  await crowd.until("the answer", async () => (await ann.texts(id)).includes("an answer"));
  await ann.session.core.search.update();
  await ann.close();
  await store.open();
  const rows = await store.range({ prefix: "" });
  await store.close();
  const put = async (wanted: Row[]) => {
    await store.open();
    await store.write([{ deletePrefix: "" }, ...wanted.map(({ key, value }) => ({ put: key, value }))]);
    await store.close();
  };
  return { store, id, rows, put, texts: [...secrets, "an answer"] };
}

/** What the person can still read, or the error that says it is damaged and tells nothing else. */
async function tryOpen(store: Store, id: string): Promise<{ texts: string[]; found: number } | undefined> {
  let ann: Device | undefined;
  try {
    ann = await crowd.open(1, { store });
    const { core } = ann.session;
    const texts = await ann.texts(id);
    await core.threads.newest(core.threads.all());
    const hits = await core.search.query("secret");
    return { texts, found: hits.length };
  } catch (error) {
    expect(error).toMatchObject({ code: "STORE_CORRUPT" });
    const told = `${error} ${(error as SkrumbleError).details} ${(error as SkrumbleError).walk()}`;
    for (const word of ["secret words", "person1"]) expect(told).not.toContain(word);
    return undefined;
  } finally {
    if (ann) await ann.close();
    else await store.close();
  }
}

describe("a damaged store", () => {
  afterEach(() => crowd.close());

  test("with a changed byte anywhere opens with everything else, or says that it is damaged", async () => {
    const { store, id, rows, put, texts } = await world();
    expect(await tryOpen(store, id)).toEqual({ texts, found: secrets.length });
    let [whole, partly, refused] = [0, 0, 0];
    for (const [at, { key, value }] of rows.entries()) {
      const changed = value.slice();
      const place = 1 + ((at * 7919) % (changed.length - 1));
      changed[place] = (changed[place] ?? 0) ^ 0x10;
      await put(rows.with(at, { key, value: changed }));
      const opened = await tryOpen(store, id);
      if (!opened) refused++;
      else if (opened.texts.length === texts.length) whole++;
      else {
        partly++;
        // One message is gone, and no other with it.
        expect(opened.texts).toHaveLength(texts.length - 1);
        expect(texts).toEqual(expect.arrayContaining(opened.texts));
      }
    }
    expect(partly).toBe(texts.length);
    expect(whole).toBeGreaterThan(refused);
    expect(refused).toBeGreaterThan(0);
    await put(rows);
    expect(await tryOpen(store, id)).toEqual({ texts, found: secrets.length });
  });

  test("with a record missing never shows what is left to somebody else", async () => {
    const { store, id, rows, put, texts } = await world();
    for (const [at] of rows.entries()) {
      await put(rows.toSpliced(at, 1));
      const opened = await tryOpen(store, id);
      if (opened) expect(texts).toEqual(expect.arrayContaining(opened.texts));
    }
  });
});

test("a page is full although records in it are damaged", async () => {
  const store = createMemoryStore();
  const damaged = await openVault(store);
  const numbers = Array.from({ length: 10 }, (_, key) => key);
  await damaged.write(numbers.map((key) => ({ collection: "n", key, value: key })));
  const rows = await store.range({ prefix: "" });
  for (const at of [3, 4, 7]) await store.write([{ put: rows[at]?.key ?? "", value: Uint8Array.of(1, 2, 3) }]);
  const page = async (options: { limit: number; reverse?: boolean; after?: number }) =>
    (await damaged.range("n", { ...options, skipDamaged: true })).map(({ value }) => value);
  expect(await page({ limit: 4 })).toEqual([0, 1, 2, 5]);
  expect(await page({ limit: 4, reverse: true })).toEqual([9, 8, 6, 5]);
  expect(await page({ limit: 2, after: 2 })).toEqual([5, 6]);
  expect(await page({ limit: 20 })).toHaveLength(7);
  await expect(damaged.range("n", { limit: 4 })).rejects.toMatchObject({ code: "STORE_CORRUPT" });
  const places = [3, 5].map((key) => ({ collection: "n", key }));
  expect(await damaged.getMany(places, { skipDamaged: true })).toEqual([undefined, 5]);
  await expect(damaged.getMany(places)).rejects.toMatchObject({ code: "STORE_CORRUPT" });
  await damaged.close();
});

describe("an IndexedDB", () => {
  const name = "test";
  const open = () => openVault(createIndexedDbStore({ name }));

  async function clear(table: string): Promise<void> {
    const database = await new Promise<IDBDatabase>((resolve) => {
      const request = indexedDB.open(name);
      request.onsuccess = () => resolve(request.result);
    });
    await new Promise<void>((resolve) => {
      const transaction = database.transaction(table, "readwrite");
      transaction.objectStore(table).clear();
      transaction.oncomplete = () => resolve();
    });
    database.close();
  }

  async function filled(): Promise<void> {
    const vault = await open();
    await vault.write([{ collection: "contact", key: "0xabcdef", value: "secret words" }]);
    await vault.close();
  }

  test("that the browser has thrown away is a newcomer's", async () => {
    await filled();
    Object.assign(globalThis, { indexedDB: new IDBFactory() });
    const vault = await open();
    expect(await loadSelf(vault)).toBeUndefined();
    expect(await vault.range("contact")).toEqual([]);
    await vault.close();
  });

  test("without its keys says that it is damaged, and makes no new ones beside what they opened", async () => {
    await filled();
    await clear("keys");
    for (let time = 0; time < 2; time++) await expect(open()).rejects.toMatchObject({ code: "STORE_CORRUPT" });
  });

  test("without the account says that it is damaged: what is left is not for whoever joins next", async () => {
    await filled();
    const vault = await open();
    await expect(loadSelf(vault)).rejects.toMatchObject({ code: "STORE_CORRUPT" });
    await vault.close();
  });

  test("with something that is no record says that it is damaged", async () => {
    const store = createIndexedDbStore({ name });
    const vault = await openVault(store);
    await vault.write([{ collection: "c", key: "k", value: "v" }]);
    const [row] = await store.range({ prefix: "" });
    for (const value of [new Uint8Array(0), "text" as never, {} as never]) {
      await store.write([{ put: row?.key ?? "", value }]);
      await expect(vault.get("c", "k")).rejects.toBeInstanceOf(SkrumbleError);
      await expect(vault.get("c", "k")).rejects.toMatchObject({ code: "STORE_CORRUPT" });
    }
    await vault.close();
  });
});
