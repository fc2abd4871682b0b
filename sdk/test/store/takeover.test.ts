import { IDBKeyRange as FakeRange, IDBFactory } from "fake-indexeddb";
import { beforeEach, expect, test } from "vitest";
import { sha256 } from "../../src/crypto/hash.ts";
import { alone } from "../../src/store/alone.ts";
import { createIndexedDbStore, lockStore, openVault, readStoreLock, type Vault } from "../../src/store/index.ts";

/** Node has the Web Locks of one process: two stores of one name behave like two tabs. */

const name = "taken over";
const argon2 = async (password: Uint8Array, salt: Uint8Array) => sha256(password, salt);
const right = { name, securityCode: "copper lantern", argon2 };
const count = 1_000;

beforeEach(async () => {
  Object.assign(globalThis, { indexedDB: new IDBFactory(), IDBKeyRange: FakeRange });
  const vault = await openVault(createIndexedDbStore({ name }));
  await vault.write([
    { collection: "identity", key: "self", value: "keys" },
    ...Array.from({ length: count }, (_, key) => ({ collection: "n", key, value: `text ${key}` })),
  ]);
  await vault.close();
});

const takeOver = () => openVault(createIndexedDbStore({ name, takeOver: true }));

test("whoever takes the store over while its lock is being set waits, and finds it locked", async () => {
  let other: Promise<Vault | { code: string }> | undefined;
  const key = await lockStore({
    ...right,
    onProgress() {
      other ??= takeOver().catch((error) => error);
    },
  });
  expect(await other).toMatchObject({ code: "STORE_LOCKED" });
  const vault = await openVault(createIndexedDbStore({ name, key }));
  expect(await vault.get("identity", "self")).toBe("keys");
  expect(await vault.range("n")).toHaveLength(count);
  await vault.close();
});

test("a lock that takes longer than anybody waits is not disturbed", async () => {
  const slow = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  const setting = lockStore({
    ...right,
    async argon2(password, salt) {
      begun.resolve();
      await slow.promise;
      return argon2(password, salt);
    },
  });
  await begun.promise;
  await expect(takeOver()).rejects.toMatchObject({ code: "ALREADY_OPEN" });
  slow.resolve();
  await setting;
  expect(await readStoreLock(name)).toMatchObject({ locked: true });
});

test("a program that takes the store without waiting stops what is being written", async () => {
  const stolen = Promise.withResolvers<void>();
  const work = alone(name, async (database) => {
    // As versions before this one did it.
    void navigator.locks.request(`skrumble store ${name}`, { steal: true }, () => stolen.promise);
    await navigator.locks.query();
    database.transaction("records", "readwrite").objectStore("records").clear();
  });
  await expect(work).rejects.toMatchObject({ code: "ALREADY_OPEN" });
  stolen.resolve();
  const vault = await openVault(createIndexedDbStore({ name }));
  expect(await vault.get("identity", "self")).toBe("keys");
  await vault.close();
});
