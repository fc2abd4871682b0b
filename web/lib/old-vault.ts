import type { Vault } from "./vault.ts";

const name = "skrumble-vault";

/**
 * Earlier versions kept drafts and wallet in a database of their own, which no lock covered: moves them into the store and
 * deletes it. Cut short, it begins again at the next start; nothing newer is there by then.
 */
export async function moveOldVault(into: Vault): Promise<void> {
  // Where a browser cannot list its databases, looking makes an empty one, which is deleted again.
  const known = await indexedDB.databases?.();
  if (known && !known.some((one) => one.name === name)) return;
  const request = indexedDB.open(name, 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore("sealed");
    request.result.createObjectStore("keys");
  };
  const db = await done(request);
  const all = db.transaction(["sealed", "keys"], "readonly");
  const [key, names, values] = await Promise.all([
    done(all.objectStore("keys").get("vault") as IDBRequest<CryptoKey | undefined>),
    done(all.objectStore("sealed").getAllKeys()),
    done(all.objectStore("sealed").getAll() as IDBRequest<Uint8Array<ArrayBuffer>[]>),
  ]);
  db.close();
  for (const [i, sealed] of values.entries()) {
    const entry = String(names[i]);
    const value = key && (await unseal(key, entry, sealed));
    if (value) await into.put(entry, value);
  }
  // A tab with the earlier version may still have it open: then it goes when that tab does.
  indexedDB.deleteDatabase(name);
}

/** Nothing where the entry is damaged: it could not be read before either. */
async function unseal(key: CryptoKey, entry: string, sealed: Uint8Array<ArrayBuffer>): Promise<Uint8Array | undefined> {
  const additionalData = new TextEncoder().encode(entry);
  const algorithm = { name: "AES-GCM", iv: sealed.slice(0, 12), additionalData };
  try {
    return new Uint8Array(await crypto.subtle.decrypt(algorithm, key, sealed.slice(12)));
  } catch {
    return undefined;
  }
}

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new DOMException("storage refused", "UnknownError"));
  });
}
