import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { IDBKeyRange as FakeRange, IDBFactory } from "fake-indexeddb";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createFileStore } from "../../src/store/file.ts";
import { createIndexedDbStore, createMemoryStore, openVault, type Store } from "../../src/store/index.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "skrumble-store-"));
  Object.assign(globalThis, { indexedDB: new IDBFactory(), IDBKeyRange: FakeRange });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const drivers: [string, () => Store][] = [
  ["memory", createMemoryStore],
  ["file", () => createFileStore({ path: folder })],
  ["IndexedDB", () => createIndexedDbStore({ name: "test" })],
];

describe.each(drivers)("%s store", (_, create) => {
  test("keeps records in order and finds ranges", async () => {
    const store = create();
    await store.open();
    const value = Uint8Array.of(7);
    await store.write(["a/1", "a/3", "a/2", "b/1", "a"].map((put) => ({ put, value })));
    const keys = async (options: Parameters<Store["range"]>[0]) => (await store.range(options)).map(({ key }) => key);
    expect(await keys({ prefix: "a/" })).toEqual(["a/1", "a/2", "a/3"]);
    expect(await keys({ prefix: "a/", reverse: true, limit: 2 })).toEqual(["a/3", "a/2"]);
    expect(await keys({ prefix: "a/", after: "a/1" })).toEqual(["a/2", "a/3"]);
    expect(await keys({ prefix: "a/", before: "a/3" })).toEqual(["a/1", "a/2"]);
    expect(await keys({ prefix: "a/", before: "a/3", after: "a/1", reverse: true })).toEqual(["a/2"]);
    expect(await keys({ prefix: "c/" })).toEqual([]);
    await store.write([{ delete: "a/2" }, { put: "a/3", value: Uint8Array.of(8) }]);
    expect(await keys({ prefix: "a/" })).toEqual(["a/1", "a/3"]);
    expect(await store.get("a/3")).toEqual(Uint8Array.of(8));
    expect(await store.get("a/2")).toBeUndefined();
    expect(await store.getMany(["b/1", "a/2", "a/3", "b/1"])).toEqual([value, undefined, Uint8Array.of(8), value]);
    expect(await store.getMany([])).toEqual([]);
    await store.close();
  });

  test("deletes all keys with a prefix, in the order of the batch", async () => {
    const store = create();
    await store.open();
    const value = Uint8Array.of(7);
    await store.write(["a/1", "a/2", "ab/1", "b/1"].map((put) => ({ put, value })));
    await store.write([{ put: "a/0", value }, { deletePrefix: "a/" }, { put: "a/9", value }]);
    expect((await store.range({ prefix: "" })).map(({ key }) => key)).toEqual(["a/9", "ab/1", "b/1"]);
    await store.close();
  });

  test("finds the same pages whatever the order of writing", async () => {
    const store = create();
    await store.open();
    const key = (n: number) => `a/n${String(n).padStart(4, "0")}`;
    const numbers = Array.from({ length: 300 }, (_, i) => (i * 7919) % 300);
    for (const n of numbers) await store.write([{ put: key(n), value: Uint8Array.of(n % 256) }]);
    await store.write([{ delete: key(100) }, { delete: key(100) }]);
    const page = async (options: Omit<Parameters<Store["range"]>[0], "prefix">) =>
      (await store.range({ prefix: "a/", ...options })).map((row) => Number(row.key.slice(3)));
    expect(await page({ before: key(102), limit: 3, reverse: true })).toEqual([101, 99, 98]);
    expect(await page({ after: key(98), limit: 2 })).toEqual([99, 101]);
    expect(await page({ after: key(299) })).toEqual([]);
    expect(await page({ before: key(0), reverse: true })).toEqual([]);
    expect(await page({ after: key(5), before: key(3) })).toEqual([]);
    await store.close();
  });

  test("deletes all keys with a prefix, in the order of the batch", async () => {
    const store = create();
    await store.open();
    const value = Uint8Array.of(7);
    await store.write(["a/1", "a/2", "ab/1", "b/1"].map((put) => ({ put, value })));
    await store.write([{ put: "a/0", value }, { deletePrefix: "a/" }, { put: "a/9", value }]);
    expect((await store.range({ prefix: "" })).map(({ key }) => key)).toEqual(["a/9", "ab/1", "b/1"]);
    await store.close();
  });

  test("finds the same pages whatever the order of writing", async () => {
    const store = create();
    await store.open();
    const key = (n: number) => `a/n${String(n).padStart(4, "0")}`;
    const numbers = Array.from({ length: 300 }, (_, i) => (i * 7919) % 300);
    for (const n of numbers) await store.write([{ put: key(n), value: Uint8Array.of(n % 256) }]);
    await store.write([{ delete: key(100) }, { delete: key(100) }]);
    const page = async (options: Omit<Parameters<Store["range"]>[0], "prefix">) =>
      (await store.range({ prefix: "a/", ...options })).map((row) => Number(row.key.slice(3)));
    expect(await page({ before: key(102), limit: 3, reverse: true })).toEqual([101, 99, 98]);
    expect(await page({ after: key(98), limit: 2 })).toEqual([99, 101]);
    expect(await page({ after: key(299) })).toEqual([]);
    expect(await page({ before: key(0), reverse: true })).toEqual([]);
    expect(await page({ after: key(5), before: key(3) })).toEqual([]);
    await store.close();
  });

  test("is opened by one at a time", async () => {
    const store = create();
    await store.open();
    await expect(store.open()).rejects.toMatchObject({ code: "ALREADY_OPEN" });
    await store.close();
    await store.open();
    await store.close();
  });

  test("carries a vault: values and names come back after reopening, and nothing after clear", async () => {
    const store = create();
    let vault = await openVault(store);
    await vault.write([
      { collection: "c", key: "name", value: { text: "secret words" } },
      { collection: "c", key: "bytes", value: Uint8Array.of(1, 2, 3) },
      ...[300, 2, 10].map((key) => ({ collection: "n", key, value: key })),
    ]);
    await vault.close();
    vault = await openVault(store);
    expect(await vault.get("c", "name")).toEqual({ text: "secret words" });
    expect(await vault.get("c", "bytes")).toEqual(Uint8Array.of(1, 2, 3));
    expect((await vault.range("n")).map(({ number }) => number)).toEqual([2, 10, 300]);
    const [ten, none] = await vault.getMany([
      { collection: "n", key: 10 },
      { collection: "n", key: 11 },
    ]);
    expect([ten, none]).toEqual([10, undefined]);
    expect((await vault.range("n", { before: 300, reverse: true, limit: 1 })).map(({ value }) => value)).toEqual([10]);
    await vault.write([{ collection: "c", key: "name", delete: true }]);
    expect(await vault.get("c", "name")).toBeUndefined();
    await vault.clear();
    expect(await vault.range("n")).toEqual([]);
    await vault.close();
  });

  test("drops a collection whole and no other", async () => {
    const vault = await openVault(create());
    const put = (collection: string, key: string | number) => ({ collection, key, value: collection });
    await vault.write([put("one", 1), put("one", "name"), put("two", 1)]);
    await vault.write([{ collection: "one", drop: true }, put("one", 7)]);
    expect((await vault.range("one")).map(({ number }) => number)).toEqual([7]);
    expect(await vault.get("one", "name")).toBeUndefined();
    expect(await vault.get("two", 1)).toBe("two");
    await vault.close();
  });

  test("shows neither values nor names of records", async () => {
    const store = create();
    const vault = await openVault(store);
    await vault.write([{ collection: "contact", key: "0xabcdef", value: "secret words" }]);
    const rows = await store.range({ prefix: "" });
    const text = rows.map(({ key, value }) => key + Buffer.from(value).toString("latin1")).join();
    expect(rows).toHaveLength(1);
    for (const word of ["contact", "abcdef", "secret"]) expect(text).not.toContain(word);
    await vault.close();
  });

  test("notices a record that was changed or moved", async () => {
    const store = create();
    const vault = await openVault(store);
    await vault.write([
      { collection: "n", key: 1, value: "one" },
      { collection: "n", key: 2, value: "two" },
    ]);
    const [one, two] = await store.range({ prefix: "" });
    if (!one || !two) throw new Error("two records expected");
    await store.write([{ put: one.key, value: two.value }]);
    await expect(vault.get("n", 1)).rejects.toMatchObject({ code: "STORE_CORRUPT" });
    await store.write([{ put: two.key, value: Uint8Array.of(9, ...two.value.slice(1)) }]);
    await expect(vault.get("n", 2)).rejects.toMatchObject({ code: "STORE_VERSION" });
    await vault.close();
  });
});

describe("file store", () => {
  test("keeps a second program out, and its files from other users", async () => {
    const first = createFileStore({ path: folder });
    await first.open();
    await expect(createFileStore({ path: folder }).open()).rejects.toMatchObject({ code: "ALREADY_OPEN" });
    for (const name of readdirSync(folder).filter((file) => /key|db$/.test(file))) {
      expect(statSync(join(folder, name)).mode & 0o077).toBe(0);
    }
    await first.close();
  });

  test("reports damage", async () => {
    const store = createFileStore({ path: folder });
    const vault = await openVault(store);
    for (let key = 0; key < 200; key++) await vault.write([{ collection: "n", key, value: "x".repeat(500) }]);
    await vault.close();
    truncateSync(join(folder, "store.db"), 9000);
    const damaged = createFileStore({ path: folder });
    const read = async () => {
      await damaged.open();
      await damaged.range({ prefix: "" });
    };
    await expect(read()).rejects.toMatchObject({ code: "STORE_CORRUPT" });
    await damaged.close();
  });

  test("uses a key that is given instead of one of its own", async () => {
    const key = crypto.getRandomValues(new Uint8Array(32));
    const vault = await openVault(createFileStore({ path: folder, key }));
    await vault.write([{ collection: "c", key: "k", value: "v" }]);
    await vault.close();
    expect(readdirSync(folder)).not.toContain("store.key");
    expect(readFileSync(join(folder, "store.db")).includes(Buffer.from(key))).toBe(false);
    const other = await openVault(createFileStore({ path: folder, key: new Uint8Array(32) }));
    expect(await other.get("c", "k")).toBeUndefined();
    await other.close();
  });
});
