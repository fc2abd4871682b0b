/**
 * What a person would mind losing or showing, kept in IndexedDB under a key that the browser will not export:
 * a copy of the database files alone opens nothing. Page scripts of this origin can use it; that is the limit.
 */
const database = "skrumble-vault";

export interface Vault {
  get(name: string): Promise<Uint8Array | undefined>;
  put(name: string, value: Uint8Array): Promise<void>;
  remove(name: string): Promise<void>;
  clear(): Promise<void>;
}

export function openVault(): Vault {
  let opened: Promise<{ db: IDBDatabase; key: CryptoKey }> | undefined;
  const open = () => {
    opened ??= openDatabase().then(async (db) => ({ db, key: await keyOf(db) }));
    return opened;
  };
  return {
    async get(name) {
      const { db, key } = await open();
      const sealed = (await done(store(db, "readonly").get(name))) as Uint8Array<ArrayBuffer> | undefined;
      if (!sealed) return undefined;
      const iv = sealed.slice(0, 12);
      const additionalData = new TextEncoder().encode(name);
      return new Uint8Array(
        await crypto.subtle.decrypt({ name: "AES-GCM", iv, additionalData }, key, sealed.slice(12)),
      );
    },
    async put(name, value) {
      const { db, key } = await open();
      const iv = crypto.getRandomValues(new Uint8Array(12));
      const additionalData = new TextEncoder().encode(name);
      const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData }, key, Uint8Array.from(value));
      const whole = new Uint8Array(12 + sealed.byteLength);
      whole.set(iv);
      whole.set(new Uint8Array(sealed), 12);
      await done(store(db, "readwrite").put(whole, name));
    },
    async remove(name) {
      const { db } = await open();
      await done(store(db, "readwrite").delete(name));
    },
    async clear() {
      const { db } = await open();
      db.close();
      opened = undefined;
      await done(indexedDB.deleteDatabase(database));
    },
  };
}

export const vault: Vault = openVault();

function openDatabase(): Promise<IDBDatabase> {
  const request = indexedDB.open(database, 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore("sealed");
    request.result.createObjectStore("keys");
  };
  return done(request);
}

async function keyOf(db: IDBDatabase): Promise<CryptoKey> {
  const fresh = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  const keys = db.transaction("keys", "readwrite").objectStore("keys");
  const known = (await done(keys.get("vault"))) as CryptoKey | undefined;
  if (known) return known;
  await done(keys.put(fresh, "vault"));
  return fresh;
}

function store(db: IDBDatabase, mode: IDBTransactionMode): IDBObjectStore {
  return db.transaction("sealed", mode).objectStore("sealed");
}

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new DOMException("storage refused", "UnknownError"));
  });
}
