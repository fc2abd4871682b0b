import { IDBKeyRange as FakeRange, IDBFactory } from "fake-indexeddb";
import { beforeEach, describe, expect, test } from "vitest";
import { keptThings } from "../../src/client/kept.ts";
import { argon2id } from "../../src/crypto/argon2id.ts";
import { toHex, utf8 } from "../../src/crypto/bytes.ts";
import { sha256 } from "../../src/crypto/hash.ts";
import { deriveCodeKey, saltNameOf } from "../../src/identity/derive.ts";
import {
  createIndexedDbStore,
  eraseStore,
  lockStore,
  openVault,
  readStoreLock,
  removeStoreLock,
  type UnlockedKey,
  unlockStore,
  type Vault,
} from "../../src/store/index.ts";

/** As Argon2id, without its price; the real one is measured in sdk/test/crypto. */
const argon2 = async (password: Uint8Array, salt: Uint8Array) => sha256(password, salt);
const securityCode = "copper lantern seventy-two rivers";
const name = "test";
const right = { name, securityCode, argon2 };
const wrong = { ...right, securityCode: "copper lantern seventy-three rivers" };

beforeEach(() => Object.assign(globalThis, { indexedDB: new IDBFactory(), IDBKeyRange: FakeRange }));

const open = (key?: UnlockedKey) => openVault(createIndexedDbStore({ name, key }));

async function fill(vault: Vault, count = 600) {
  await vault.write([
    { collection: "contact", key: "0xabcdef", value: "secret words" },
    { collection: "bytes", key: "one", value: Uint8Array.of(1, 2, 3) },
    ...Array.from({ length: count }, (_, key) => ({ collection: "n", key, value: `text ${key}` })),
  ]);
}

async function expectAll(vault: Vault, count = 600) {
  expect(await vault.get("contact", "0xabcdef")).toBe("secret words");
  expect(await vault.get("bytes", "one")).toEqual(Uint8Array.of(1, 2, 3));
  const rows = await vault.range<string>("n");
  expect(rows).toHaveLength(count);
  expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: count }, (_, key) => key));
  expect(rows.at(-1)?.value).toBe(`text ${count - 1}`);
}

async function filled(): Promise<void> {
  const vault = await open();
  await fill(vault);
  await vault.close();
}

/** Everything in the database, as somebody who copies it has it. */
async function copied(): Promise<{ tables: Record<string, unknown[]>; names: string[] }> {
  const database = await new Promise<IDBDatabase>((resolve) => {
    const request = indexedDB.open(name);
    request.onsuccess = () => resolve(request.result);
  });
  const all = <T>(request: IDBRequest<T>) =>
    new Promise<T>((resolve) => {
      request.onsuccess = () => resolve(request.result);
    });
  const tables: Record<string, unknown[]> = {};
  const names: string[] = [];
  for (const table of database.objectStoreNames) {
    const store = database.transaction(table, "readonly").objectStore(table);
    tables[table] = await all(store.getAll());
    if (table !== "keys") names.push(...(await all(store.getAllKeys())).map(String));
  }
  database.close();
  return { tables, names };
}

describe("the lock of a store", () => {
  test("opens with the right code, everything there, and not without it", async () => {
    await filled();
    const progress: number[] = [];
    const key = await lockStore({ ...right, onProgress: (done) => progress.push(done) });
    expect(progress.length).toBeGreaterThan(1);
    expect(progress.at(-1)).toBe(1);
    await expect(open()).rejects.toMatchObject({ code: "STORE_LOCKED" });
    const vault = await open(key);
    await expectAll(vault);
    await vault.write([{ collection: "n", key: 600, value: "text 600" }]);
    await vault.close();

    await expect(unlockStore(wrong)).rejects.toMatchObject({ code: "LOCK_CODE_WRONG" });
    const again = await open(await unlockStore(right));
    await expectAll(again, 601);
    await again.close();
  });

  test("leaves no key and no old record behind in what can be copied", async () => {
    await filled();
    const before = await copied();
    await lockStore(right);
    const after = await copied();
    expect(after.tables.records).toEqual([]);
    expect(after.tables.records2).toHaveLength(before.names.length);
    // Names stay in order where they are numbers; the rest of them tells nothing to who knows the old ones.
    const oldNames = new Set(before.names);
    expect(after.names.filter((place) => oldNames.has(place))).toEqual([]);
    const [state] = after.tables.keys as { encrypt?: CryptoKey; index: CryptoKey[] }[];
    expect(state?.encrypt).toBeUndefined();
    for (const index of state?.index ?? []) expect(index.extractable).toBe(false);
  });

  test("two stores under one code have different keys", async () => {
    await filled();
    await lockStore(right);
    const [one] = (await copied()).tables.keys as { lock: { sealed: Uint8Array } }[];
    Object.assign(globalThis, { indexedDB: new IDBFactory() });
    await filled();
    await lockStore(right);
    const [other] = (await copied()).tables.keys as { lock: { sealed: Uint8Array } }[];
    expect(one?.lock.sealed).not.toEqual(other?.lock.sealed);
  });

  test("stretches the code by Argon2id, under a salt that nothing else has", async () => {
    await filled();
    const salts: string[] = [];
    const watched = async (password: Uint8Array, salt: Uint8Array) => {
      salts.push(toHex(salt));
      return argon2id(password, salt);
    };
    await lockStore({ ...right, argon2: watched });
    await deriveCodeKey({ securityCode, saltName: saltNameOf("lin"), wallet: `0x${"01".repeat(20)}` }, watched);
    expect(await unlockStore({ name, securityCode })).toBeDefined();
    await removeStoreLock({ ...right, argon2: argon2id });
    await lockStore({ ...right, argon2: watched });
    expect(new Set(salts).size).toBe(3);
  });

  test("the same code opens it however its letters were composed", async () => {
    await filled();
    await lockStore({ ...right, securityCode: "Ångström" });
    expect(await unlockStore({ ...right, securityCode: "A\u030angstro\u0308m" })).toBeDefined();
    await expect(unlockStore({ ...right, securityCode: "" })).rejects.toMatchObject({ code: "CODE_EMPTY" });
  });

  test("comes off with the code, and goes on again with another", async () => {
    await filled();
    await lockStore(right);
    await expect(removeStoreLock(wrong)).rejects.toMatchObject({ code: "LOCK_CODE_WRONG" });
    await removeStoreLock(right);
    let vault = await open();
    await expectAll(vault);
    await vault.close();
    expect(await unlockStore(right)).toBeUndefined();

    await lockStore(wrong);
    await expect(unlockStore(right)).rejects.toMatchObject({ code: "LOCK_CODE_WRONG" });
    vault = await open(await unlockStore(wrong));
    await expectAll(vault);
    await vault.close();
  });

  test("cannot be set twice, on nothing, or while somebody has the store open", async () => {
    await expect(lockStore(right)).rejects.toMatchObject({ code: "STORE_FAILED" });
    const vault = await open();
    await expect(lockStore(right)).rejects.toMatchObject({ code: "ALREADY_OPEN" });
    await vault.close();
    await lockStore(right);
    await expect(lockStore(right)).rejects.toMatchObject({ code: "STORE_LOCKED" });
  });

  test("a key of an earlier lock does not open a later one", async () => {
    await filled();
    const old = await lockStore(right);
    await removeStoreLock(right);
    await lockStore(right);
    await expect(open(old)).rejects.toMatchObject({ code: "STORE_LOCKED" });
  });
});

describe("a lock that was cut short", () => {
  test("before the last write leaves the store as it was, and can be set again", async () => {
    await filled();
    const torn = lockStore({
      ...right,
      onProgress() {
        throw new Error("the browser was killed");
      },
    });
    await expect(torn).rejects.toMatchObject({ code: "STORE_FAILED" });
    expect((await copied()).tables.records2).not.toEqual([]);
    const vault = await open();
    await expectAll(vault);
    await vault.close();
    expect((await copied()).tables.records2).toEqual([]);
    const locked = await open(await lockStore(right));
    await expectAll(locked);
    await locked.close();
  });

  test("after it leaves a locked store, and the old records go at the next opening", async () => {
    await filled();
    const key = await lockStore(right);
    const database = await new Promise<IDBDatabase>((resolve) => {
      const request = indexedDB.open(name);
      request.onsuccess = () => resolve(request.result);
    });
    await new Promise<void>((resolve) => {
      const transaction = database.transaction("records", "readwrite");
      transaction.objectStore("records").put(Uint8Array.of(1), "left/behind");
      transaction.oncomplete = () => resolve();
    });
    database.close();
    const vault = await open(key);
    await expectAll(vault);
    await vault.close();
    expect((await copied()).tables.records).toEqual([]);
  });

  test("a damaged state is noticed", async () => {
    await filled();
    await lockStore(right);
    const database = await new Promise<IDBDatabase>((resolve) => {
      const request = indexedDB.open(name);
      request.onsuccess = () => resolve(request.result);
    });
    await new Promise<void>((resolve) => {
      const transaction = database.transaction("keys", "readwrite");
      transaction.objectStore("keys").put({ table: "elsewhere", index: [] }, "state");
      transaction.oncomplete = () => resolve();
    });
    database.close();
    await expect(unlockStore(right)).rejects.toMatchObject({ code: "STORE_CORRUPT" });
    await expect(open()).rejects.toMatchObject({ code: "STORE_CORRUPT" });
  });
});

describe("wrong codes", () => {
  test("are free three times, then wait ever longer, also after a restart", async () => {
    await filled();
    await lockStore(right);
    let now = 1_000_000;
    const guess = () => unlockStore({ ...wrong, now: () => now });
    const wait = async () => (await readStoreLock(name, now)).until - now;
    for (let failures = 1; failures <= 3; failures++) {
      await expect(guess()).rejects.toMatchObject({ code: "LOCK_CODE_WRONG" });
      expect((await readStoreLock(name, now)).failures).toBe(failures);
    }
    const waits: number[] = [];
    for (let failures = 4; failures <= 10; failures++) {
      waits.push(await wait());
      await expect(unlockStore({ ...right, now: () => now })).rejects.toMatchObject({ code: "LOCK_PAUSED" });
      now += await wait();
      await expect(guess()).rejects.toMatchObject({ code: "LOCK_CODE_WRONG" });
    }
    expect(waits).toEqual([5_000, 15_000, 30_000, 60_000, 300_000, 900_000, 900_000]);
    now += 900_000;
    expect(await unlockStore({ ...right, now: () => now })).toBeDefined();
    expect(await readStoreLock(name, now)).toMatchObject({ locked: true, failures: 0 });
  });

  test("wait from the moment the code turned out wrong: looking at it takes time", async () => {
    await filled();
    await lockStore(right);
    let now = 1_000_000;
    const slow = async (password: Uint8Array, salt: Uint8Array) => {
      now += 7_000;
      return argon2(password, salt);
    };
    for (let i = 0; i < 3; i++) await unlockStore({ ...wrong, argon2: slow, now: () => now }).catch(() => undefined);
    expect((await readStoreLock(name, now)).until).toBe(now + 5_000);
  });

  test("a clock that is put back makes nobody wait longer", async () => {
    await filled();
    await lockStore(right);
    const late = 2_000_000_000;
    for (let i = 0; i < 3; i++) await unlockStore({ ...wrong, now: () => late }).catch(() => undefined);
    expect((await readStoreLock(name, 1_000)).until).toBe(6_000);
  });

  test("two tabs have no more tries than one", async () => {
    await filled();
    await lockStore(right);
    const guesses = await Promise.allSettled(Array.from({ length: 6 }, () => unlockStore(wrong)));
    const codes = guesses.map((guess) => guess.status === "rejected" && (guess.reason as { code: string }).code);
    expect(codes.filter((code) => code === "LOCK_CODE_WRONG")).toHaveLength(3);
    expect(codes.filter((code) => code === "LOCK_PAUSED")).toHaveLength(3);
  });
});

describe("profiles from before there were locks", () => {
  /** As the first version wrote it. */
  async function oldProfile(): Promise<void> {
    await filled();
    const { tables } = await copied();
    const [state] = tables.keys as { encrypt: CryptoKey; index: CryptoKey[] }[];
    const records = await new Promise<[string, Uint8Array][]>((resolve) => {
      const request = indexedDB.open(name);
      request.onsuccess = () => {
        const rows: [string, Uint8Array][] = [];
        const cursor = request.result.transaction("records").objectStore("records").openCursor();
        cursor.onsuccess = () => {
          if (!cursor.result) {
            request.result.close();
            return resolve(rows);
          }
          rows.push([String(cursor.result.key), cursor.result.value]);
          cursor.result.continue();
        };
      };
    });
    Object.assign(globalThis, { indexedDB: new IDBFactory() });
    await new Promise<void>((resolve) => {
      const request = indexedDB.open(name, 1);
      request.onupgradeneeded = () => {
        const table = request.result.createObjectStore("records");
        for (const [place, record] of records) table.put(record, place);
        request.result.createObjectStore("keys").put({ encrypt: state?.encrypt, index: state?.index[0] }, "v1");
      };
      request.onsuccess = () => {
        request.result.close();
        resolve();
      };
    });
  }

  test("go on without one", async () => {
    await oldProfile();
    expect(await readStoreLock(name)).toMatchObject({ locked: false, failures: 0 });
    const vault = await open();
    await expectAll(vault);
    await vault.close();
  });

  test("can be locked, and keep nothing of their old key", async () => {
    await oldProfile();
    const vault = await open(await lockStore(right));
    await expectAll(vault);
    await vault.close();
    expect((await copied()).tables.keys).toHaveLength(1);
  });
});

test("whoever forgot the code can erase the store and begin anew", async () => {
  await filled();
  await lockStore(right);
  await eraseStore(name);
  expect(await readStoreLock(name)).toMatchObject({ locked: false });
  const vault = await open();
  expect(await vault.get("contact", "0xabcdef")).toBeUndefined();
  await vault.close();
});

test("leaving takes the lock away with everything else", async () => {
  await filled();
  const vault = await open(await lockStore(right));
  await vault.clear();
  await vault.close();
  expect(await readStoreLock(name)).toMatchObject({ locked: false });
  await (await open()).close();
});

test("a program's own things lie behind the same lock", async () => {
  const vault = await open();
  const kept = keptThings(vault);
  await kept.put("draft", utf8("half a sentence"));
  await kept.put("gone", utf8("x"));
  await kept.remove("gone");
  await expect(kept.put("large", new Uint8Array(256 * 1024 + 1))).rejects.toMatchObject({ code: "INPUT_INVALID" });
  await vault.close();
  const locked = await open(await lockStore(right));
  expect(await keptThings(locked).get("draft")).toEqual(utf8("half a sentence"));
  expect(await keptThings(locked).get("gone")).toBeUndefined();
  await locked.close();
});
