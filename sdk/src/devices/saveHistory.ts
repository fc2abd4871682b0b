import type { Core } from "../client/core.ts";
import { type Bytes, utf8 } from "../crypto/bytes.ts";
import { throwIfAborted } from "../errors/index.ts";
import type { HistoryOptions } from "../types/devices.ts";
import { openFileWriter } from "./backupFile.ts";
import { type Cursor, collect, extentOf } from "./collect.ts";

const partBytes = 256 * 1024;

/** Contacts, conversations and history as the parts of a file, in their order. @throws SkrumbleError ABORTED */
export async function saveHistory(core: Core, { onProgress, signal }: HistoryOptions = {}): Promise<Bytes[]> {
  const extent = await extentOf(core);
  const writer = await openFileWriter(core.self.identityKey.secret);
  const parts: Bytes[] = [writer.header];
  let done = 0;
  // Not from the beginning: the keys of the identity stay where they are.
  for (let cursor: Cursor = { stage: "contacts", index: 0 }; cursor.stage !== "over"; ) {
    throwIfAborted(signal);
    const next = await collect(core, extent, cursor, partBytes);
    cursor = next.cursor;
    done = Math.min(done + next.messages, extent.total);
    parts.push(await writer.seal(utf8(JSON.stringify(next.items)), cursor.stage === "over"));
    onProgress?.({ done, total: extent.total });
  }
  return parts;
}
