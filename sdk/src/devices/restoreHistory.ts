import * as z from "zod";
import type { Core } from "../client/core.ts";
import { SkrumbleError, throwIfAborted } from "../errors/index.ts";
import type { HistoryBrought, HistoryOptions } from "../types/devices.ts";
import { readFileParts } from "./backupFile.ts";
import { enterConversations } from "./enter.ts";
import { type Alias, importItems } from "./importItem.ts";
import { type Item, itemSchema } from "./items.ts";

const partSchema = z.array(itemSchema);

/**
 * Takes in what {@link saveHistory} wrote; twice is as good as once. Nothing is taken from a file that is not whole.
 * @throws SkrumbleError HISTORY_INVALID, HISTORY_NOT_YOURS, ABORTED
 */
export async function restoreHistory(
  core: Core,
  file: Uint8Array,
  { onProgress, signal }: HistoryOptions = {},
): Promise<HistoryBrought> {
  const parts = (await readFileParts(core.self.identityKey.secret, file)).map(itemsOf);
  const total = parts.flat().filter(({ kind }) => kind === "message").length;
  const alias: Alias = {};
  const brought: HistoryBrought = { conversations: 0, messages: 0 };
  let done = 0;
  for (const items of parts) {
    throwIfAborted(signal);
    const { conversations, messages } = await importItems(core, items, alias);
    brought.conversations += conversations;
    brought.messages += messages;
    done += items.filter(({ kind }) => kind === "message").length;
    onProgress?.({ done, total });
  }
  enterConversations(core, { widely: true, anew: true });
  return brought;
}

function itemsOf(part: Uint8Array): Item[] {
  try {
    return partSchema.parse(JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(part)));
  } catch (error) {
    throw new SkrumbleError("HISTORY_INVALID", { cause: error });
  }
}
