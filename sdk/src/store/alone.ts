import { defaultStoreName, guarded, openDatabase } from "./database.ts";
import { oneTab } from "./oneTab.ts";

/** With the database to oneself. */
export function alone<T>(name = defaultStoreName, work: (database: IDBDatabase) => Promise<T>): Promise<T> {
  return guarded(async () => {
    const release = await oneTab(name, false, () => undefined);
    try {
      const database = await openDatabase(name);
      return await work(database).finally(() => database.close());
    } finally {
      release?.();
    }
  });
}
