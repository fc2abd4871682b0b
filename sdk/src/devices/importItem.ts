import type { Core } from "../client/core.ts";
import type { ContactRecord } from "../contacts/book.ts";
import { historyOps, moveOps } from "../conversation/content/record.ts";
import type { HistoryMessage } from "../conversation/content/types.ts";
import type { GroupState } from "../conversation/group/state.ts";
import { audioAt, numbersAt } from "../conversation/history/places.ts";
import { setReadReceipts } from "../conversation/privacy.ts";
import type { Thread } from "../conversation/threads.ts";
import { tellConversation } from "../conversation/view.ts";
import { fromBase64Url } from "../crypto/bytes.ts";
import type { VaultOp } from "../store/index.ts";
import type { ConversationFlags } from "../types/conversation.ts";
import type { HistoryBrought } from "../types/devices.ts";
import type { ConversationId, PublicId } from "../types/primitives.ts";
import { deviceRecord, merged } from "./book.ts";
import type { Item, ItemOf } from "./items.ts";
import { saveDevices } from "./notes.ts";

/** Ids of the other device's conversations that have another one here. */
export type Alias = Record<ConversationId, ConversationId>;

/**
 * Takes items into a client at work. Twice is as good as once.
 * @param alias is added to
 * @returns what was not here before
 */
export async function importItems(core: Core, items: readonly Item[], alias: Alias): Promise<HistoryBrought> {
  const brought: HistoryBrought = { conversations: 0, messages: 0 };
  const idOf = (id: ConversationId) => alias[id] ?? id;
  for (let at = 0; at < items.length; at++) {
    const item = items[at] as Item;
    switch (item.kind) {
      case "account":
        await setReadReceipts(core, item.readReceipts);
        break;
      case "devices":
        for (const named of item.names) {
          const before = await deviceRecord(core, named.key as `0x${string}`);
          await saveDevices(core, [merged(before, named, core.now())]);
        }
        break;
      case "contact":
        await importContact(core, item.contact as ContactRecord);
        break;
      case "conversation": {
        const here = item.publicId && core.book.get(item.publicId as PublicId)?.conversationId;
        if (here && here !== item.id) alias[item.id] = here;
        if (await importConversation(core, idOf(item.id), item)) brought.conversations++;
        break;
      }
      case "message": {
        // All of one conversation in one write.
        const same = [item];
        for (let next = items[at + 1]; next?.kind === "message" && next.id === item.id; next = items[at + 1]) {
          same.push(next);
          at++;
        }
        brought.messages += await importMessages(core, idOf(item.id), same);
        break;
      }
      case "end":
        break;
    }
  }
  return brought;
}

async function importContact(core: Core, record: ContactRecord): Promise<void> {
  await core.serial.run(`contact ${record.publicId}`, async () => {
    const before = core.book.get(record.publicId);
    if (!before) return core.book.save(record);
    // What this device has is newer, unless it only asked for what the other one has.
    const { state, conversationId } = record;
    const got = conversationId && !before.conversationId && before.state !== "blocked" ? { state, conversationId } : {};
    // That the person compared the numbers is worth keeping.
    const verified = before.verified || record.verified;
    if ("state" in got || verified !== before.verified) await core.book.save({ ...before, ...got, verified });
  });
}

/** @returns whether it is new here */
async function importConversation(core: Core, id: ConversationId, item: ItemOf<"conversation">): Promise<boolean> {
  const fresh = await core.serial.run(id, async () => {
    const before = core.threads.get(id);
    if (before) {
      await makeRoom(core, before, item.next);
      return false;
    }
    const thread: Thread = {
      id,
      kind: item.state.kind,
      ...(item.publicId ? { publicId: item.publicId as PublicId } : {}),
      state: item.state as GroupState,
      ...{ devices: [], sessions: [], unconfirmed: [], next: item.next, unread: item.unread },
      certificate: { state: "waiting", since: core.now() },
      creator: false,
      ...(item.flags ? { flags: item.flags as ConversationFlags } : {}),
      ...(item.left ? { left: item.left } : {}),
    };
    await core.threads.save({ thread });
    return true;
  });
  tellConversation(core, id);
  return fresh;
}

/** What was said here already moves behind the history that comes. */
async function makeRoom(core: Core, thread: Thread, next: number): Promise<void> {
  const here = await core.threads.messages(thread.id, { limit: Number.MAX_SAFE_INTEGER });
  const first = here[0]?.number ?? thread.next;
  if (first >= next) return core.threads.save({ thread: { ...thread, next: Math.max(thread.next, next) } });
  const by = next - 1;
  const also = moveOps(
    thread.id,
    here.map((message) => ({ message, to: message.number + by })),
  );
  await core.threads.save({ thread: { ...thread, next: thread.next + by }, also });
}

/** @returns how many are new here */
async function importMessages(core: Core, id: ConversationId, items: readonly ItemOf<"message">[]): Promise<number> {
  const added: HistoryMessage[] = [];
  await core.serial.run(id, async () => {
    const thread = core.threads.get(id);
    if (!thread) return;
    let { next } = thread;
    const also: VaultOp[] = [];
    for (const { message, audio, late } of items) {
      const known = await core.vault.get<number>(numbersAt(id), message.id);
      const over = message.expiresAt !== undefined && message.expiresAt <= core.now();
      if (known !== undefined || over || (!late && message.number >= next)) continue;
      const kept = { ...message, number: late ? next++ : message.number } as HistoryMessage;
      also.push(...historyOps(id, kept));
      if (audio !== undefined) also.push({ collection: audioAt(id), key: message.id, value: fromBase64Url(audio) });
      added.push(kept);
    }
    await core.threads.save({ thread: { ...thread, next }, also });
  });
  core.sweeper.note(id, added);
  core.payments.note(id, added);
  tellConversation(core, id);
  return added.length;
}
