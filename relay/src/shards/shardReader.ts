import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

export type ObjectKind = "shard" | "manifest";

export const shardFile = (folder: string): string => join(folder, "shards.sqlite");

/** Shards and manifests as the keeper has written them, on a connection of its own, so that nobody waits for the keeper. */
export function createShardReader(folder: string) {
  const db = new DatabaseSync(shardFile(folder), { readOnly: true });
  const object = db.prepare("SELECT body FROM object WHERE kind = ? AND hash = ?");
  return {
    get: (kind: ObjectKind, hash: Uint8Array): Uint8Array | undefined =>
      (object.get(kind, hash) as { body: Uint8Array } | undefined)?.body,
    close: () => db.close(),
  };
}

export type ShardReader = ReturnType<typeof createShardReader>;
