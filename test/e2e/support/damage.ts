/** For the page itself: what happens to its store. */

/** The last bit of every record, as a bad disk may do. */
export async function flipBytes(): Promise<void> {
  const done = <T>(request: IDBRequest<T>) =>
    new Promise<T>((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  const database = await done(indexedDB.open("skrumble"));
  const records = database.transaction("records", "readwrite").objectStore("records");
  const [keys, values] = await Promise.all([done(records.getAllKeys()), done(records.getAll())]);
  for (const [i, value] of values.entries()) {
    const bytes = new Uint8Array(value);
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    await done(records.put(bytes, keys[i]));
  }
  database.close();
}

/** As a browser that threw a part of it away. */
export async function clearTable(table: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const opening = indexedDB.open("skrumble");
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const transaction = opening.result.transaction(table, "readwrite");
      transaction.objectStore(table).clear();
      transaction.oncomplete = () => {
        opening.result.close();
        resolve();
      };
    };
  });
}
