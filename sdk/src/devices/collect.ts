import type { Core } from "../client/core.ts";
import { loadBackup } from "../client/self.ts";
import type { ContactRecord } from "../contacts/book.ts";
import type { HistoryMessage } from "../conversation/content/types.ts";
import { audioAt } from "../conversation/history/places.ts";
import { readReceipts } from "../conversation/privacy.ts";
import type { Thread } from "../conversation/threads.ts";
import { toBase64Url, toHex, utf8 } from "../crypto/bytes.ts";
import { SkrumbleError } from "../errors/index.ts";
import type { ConversationId } from "../types/primitives.ts";
import { knownNames } from "./book.ts";
import type { Item, ItemOf } from "./items.ts";

/** Where the collecting of everything a device has stands. Plain data, so that it can go on after a restart. */
export interface Cursor {
  stage: "account" | "contacts" | "conversations" | "recent" | "rest" | "late" | "end" | "over";
  /** Of a contact or conversation. */
  index: number;
  /** Of the last message taken; in "late" of the first that is left. */
  number?: number;
  /** Taken of this conversation's newest. */
  taken?: number;
}

/** What there was when it began. */
export interface Extent {
  contacts: string[];
  conversations: { id: ConversationId; next: number }[];
  /** Messages. */
  total: number;
}

export const firstCursor: Cursor = { stage: "account", index: 0 };

/** Of every conversation come first, so that the new device is of use soon. */
const recentMessages = 50;
const pageSize = 16;

export async function extentOf(core: Core): Promise<Extent> {
  const newest = async (thread: Thread) => (await core.threads.messages(thread.id, { limit: 1 }))[0]?.at ?? 0;
  const threads = await Promise.all(core.threads.all().map(async (thread) => ({ thread, at: await newest(thread) })));
  threads.sort((a, b) => b.at - a.at);
  const conversations = threads.map(({ thread: { id, next } }) => ({ id, next }));
  return {
    contacts: core.book.all().map(({ publicId }) => publicId),
    conversations,
    total: conversations.reduce((sum, { next }) => sum + next - 1, 0),
  };
}

/**
 * The next items, of `target` bytes as JSON, more only if a single one is larger. @returns where to go on, and how many
 * messages they hold
 */
export async function collect(
  core: Core,
  extent: Extent,
  from: Cursor,
  target: number,
): Promise<{ items: Item[]; cursor: Cursor; messages: number }> {
  const items: Item[] = [];
  let [cursor, size, messages] = [from, 0, 0];
  while (cursor.stage !== "over") {
    const steps = await step(core, extent, cursor);
    for (const { item, next, messages: passed = 0 } of steps) {
      const length = item ? utf8(JSON.stringify(item)).length + 1 : 0;
      if (items.length > 0 && size + length > target) return { items, cursor, messages };
      if (item) items.push(item);
      size += length;
      messages += passed;
      cursor = next;
    }
    // What is late is collected as late as possible.
    if (cursor.stage === "late" && from.stage !== "late") break;
  }
  return { items, cursor, messages };
}

interface Step {
  item?: Item | undefined;
  next: Cursor;
  messages?: number;
}

async function step(core: Core, extent: Extent, cursor: Cursor): Promise<Step[]> {
  const { stage, index } = cursor;
  switch (stage) {
    case "account":
      return [
        { item: await account(core), next: cursor },
        { item: { kind: "devices", names: await knownNames(core) }, next: { stage: "contacts", index: 0 } },
      ];
    case "contacts": {
      const record = core.book.get(extent.contacts[index] as `0x${string}`);
      if (index >= extent.contacts.length) return [{ next: { stage: "conversations", index: 0 } }];
      return [{ item: record && contactItem(record), next: { stage, index: index + 1 } }];
    }
    case "conversations": {
      const one = extent.conversations[index];
      if (!one) return [{ next: { stage: "recent", index: 0 } }];
      return [{ item: conversationItem(core, one.id, one.next), next: { stage, index: index + 1 } }];
    }
    case "recent":
    case "rest":
      return history(core, extent, cursor);
    case "late":
      return late(core, extent, cursor);
    default:
      return [{ item: { kind: "end" }, next: { stage: "over", index: 0 } }];
  }
}

/** Newest first: a page of one conversation. */
async function history(core: Core, extent: Extent, cursor: Cursor): Promise<Step[]> {
  const { stage, index } = cursor;
  const one = extent.conversations[index];
  if (!one) return [{ next: { stage: stage === "recent" ? "rest" : "late", index: 0 } }];
  const onward: Step = { next: { stage, index: index + 1 } };
  const taken = cursor.taken ?? 0;
  // The second round begins where the first one ended.
  const skip = stage === "rest" && cursor.number === undefined;
  const limit = skip ? recentMessages : stage === "recent" ? Math.min(pageSize, recentMessages - taken) : pageSize;
  if (limit <= 0) return [onward];
  const page = (await core.threads.messages(one.id, { before: cursor.number ?? one.next, limit })).reverse();
  const last = page.at(-1);
  if (!last) return [onward];
  if (skip) return [{ next: { stage, index, number: last.number } }];
  const steps: Step[] = [];
  for (const [at, message] of page.entries()) {
    const next = { stage, index, number: message.number, taken: taken + at + 1 };
    steps.push({ item: await messageItem(core, one.id, message), next, messages: 1 });
  }
  return steps;
}

/** What came since: in the order it came. Conversations that are new since then invite the new device themselves. */
async function late(core: Core, extent: Extent, { index, number }: Cursor): Promise<Step[]> {
  const one = extent.conversations[index];
  if (!one) return [{ next: { stage: "end", index: 0 } }];
  const page = await core.threads.messages(one.id, { after: (number ?? one.next) - 1, limit: pageSize });
  if (page.length === 0) return [{ next: { stage: "late", index: index + 1 } }];
  const steps: Step[] = [];
  for (const message of page) {
    const item = await messageItem(core, one.id, message);
    const next: Cursor = { stage: "late", index, number: message.number + 1 };
    steps.push({ item: item && { ...item, late: true }, next });
  }
  return steps;
}

async function account(core: Core): Promise<ItemOf<"account">> {
  const { identity, identityKey, agreementKey, controller } = core.self;
  if (!controller) throw new SkrumbleError("DEVICE_NEEDS_WALLET");
  const backup = await loadBackup(core.vault);
  return {
    kind: "account",
    pseudonym: identity.pseudonym,
    keyVersion: identity.keyVersion,
    identitySeed: toHex(identityKey.secret),
    agreementSecret: toHex(agreementKey.secret),
    controllerSecret: controller,
    ...(backup ? { backup: toBase64Url(backup) } : {}),
    readReceipts: await readReceipts(core),
  };
}

/** Without what belongs to this device alone: halves of its key packages. */
function contactItem(record: ContactRecord): Item {
  const { sent: _, earlier: __, late: ___, problem: ____, ...contact } = record;
  return { kind: "contact", contact };
}

function conversationItem(core: Core, id: ConversationId, next: number): Item | undefined {
  const thread = core.threads.get(id);
  if (!thread) return undefined;
  const { publicId, state, unread, flags, left } = thread;
  return {
    kind: "conversation",
    ...{ id, state, next, unread },
    ...(publicId ? { publicId } : {}),
    ...(flags ? { flags } : {}),
    ...(left ? { left } : {}),
  };
}

async function messageItem(
  core: Core,
  id: ConversationId,
  stored: HistoryMessage,
): Promise<ItemOf<"message"> | undefined> {
  const { sentAs: _, replicas: __, error: ___, ...message } = stored;
  // It can be sent again from here alone.
  if (message.delivery === "failed") return undefined;
  const delivery = message.delivery === "sending" ? "sent" : message.delivery;
  const audio = message.body.type === "voice" ? await core.vault.get<Uint8Array>(audioAt(id), message.id) : undefined;
  return {
    kind: "message",
    id,
    message: { ...message, delivery },
    ...(audio ? { audio: toBase64Url(audio) } : {}),
  };
}
