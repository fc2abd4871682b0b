import type { DatabaseSync } from "node:sqlite";

/** Runs `work` in one transaction; after a failure nothing of it remains, and the failure goes on to the caller. */
export function transact<T>(db: DatabaseSync, work: () => T): T {
  db.exec("BEGIN IMMEDIATE");
  try {
    const result = work();
    db.exec("COMMIT");
    return result;
  } catch (error) {
    // SQLite has rolled back by itself after some failures, and then says that there is no transaction.
    if (db.isTransaction) db.exec("ROLLBACK");
    throw error;
  }
}
