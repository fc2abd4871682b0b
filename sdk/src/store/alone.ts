import { SkrumbleError } from "../errors/index.ts";
import { defaultStoreName, guarded, openDatabase } from "./database.ts";
import { oneTab } from "./oneTab.ts";
import { undisturbed } from "./undisturbed.ts";

/** With the database to oneself: whoever takes the store over waits for the end. */
export function alone<T>(name = defaultStoreName, work: (database: IDBDatabase) => Promise<T>): Promise<T> {
  return guarded(() =>
    undisturbed(name, async () => {
      let database: IDBDatabase | undefined;
      let lost = false;
      // Only a program from before `undisturbed` takes it all the same: nothing may be written under its hands.
      const release = await oneTab(name, false, () => {
        lost = true;
        database?.close();
      });
      try {
        database = await openDatabase(name);
        return await work(database);
      } catch (error) {
        throw lost ? new SkrumbleError("ALREADY_OPEN", { cause: error }) : error;
      } finally {
        database?.close();
        release?.();
      }
    }),
  );
}
