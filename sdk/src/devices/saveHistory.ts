import type { Core } from "../client/core.ts";
import { type Bytes, utf8 } from "../crypto/bytes.ts";
import { throwIfAborted } from "../errors/index.ts";
import type { HistoryOptions } from "../types/devices.ts";
import { openFileWriter } from "./backupFile.ts";
import { type Cursor, collect, extentOf } from "./collect.ts";

const partBytes = 256 * 1024;

/** A part is larger where one message with its sound is. */
const largestPart = 1024 * 1024;

/**
 * Contacts, conversations and history as the parts of a file, in their order.
 * @param limit in bytes: where not everything fits, the oldest messages are left out
 * @throws SkrumbleError ABORTED
 */
export async function saveHistory(
  core: Core,
  { onProgress, signal }: HistoryOptions = {},
  limit = Number.POSITIVE_INFINITY,
): Promise<Bytes[]> {
  const extent = await extentOf(core);
  const writer = await openFileWriter(core.self.identityKey.secret);
  const parts: Bytes[] = [writer.header];
  let [done, size, last] = [0, 0, false];
  // Not from the beginning: the keys of the identity stay where they are.
  for (let cursor: Cursor = { stage: "contacts", index: 0 }; !last; ) {
    throwIfAborted(signal);
    const next = await collect(core, extent, cursor, partBytes);
    cursor = next.cursor;
    done = Math.min(done + next.messages, extent.total);
    const part = utf8(JSON.stringify(next.items));
    size += part.length;
    last = cursor.stage === "over" || size + largestPart > limit;
    parts.push(await writer.seal(part, last));
    onProgress?.({ done, total: extent.total });
  }
  return parts;
}
