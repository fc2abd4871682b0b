import type { Vault, VaultOp } from "../store/index.ts";
import type { ConversationId } from "../types/primitives.ts";
import { threadsAt } from "./history/places.ts";
import type { Thread } from "./threads.ts";

/**
 * Where the vault keeps conversations: who belongs to one is most of it in a large group and changes with an epoch only, so it
 * lies apart from what changes with a message.
 */

const membersAt = "members";

type Members = Pick<Thread, "id" | "state" | "devices">;

/** Without those of earlier versions, which contacts/mendContacts.ts mends: they had no members. */
export async function readThreads(vault: Pick<Vault, "range">): Promise<Thread[]> {
  const [rows, members] = await Promise.all([
    vault.range<Omit<Thread, keyof Members> & { id: string }>(threadsAt),
    vault.range<Members>(membersAt),
  ]);
  const of = new Map(members.map(({ value }) => [value.id, value]));
  return rows.flatMap(({ value }) => {
    const found = of.get(value.id);
    return found ? [{ ...value, ...found }] : [];
  });
}

export async function readThread(vault: Pick<Vault, "getMany">, id: ConversationId): Promise<Thread | undefined> {
  const places = [threadsAt, membersAt].map((collection) => ({ collection, key: id }));
  const [rest, members] = (await vault.getMany(places)) as [Omit<Thread, keyof Members>?, Members?];
  return rest && members && { ...rest, ...members };
}

/** @param before what is on disk. Threads are never changed, only replaced: the same object needs no writing. */
export function threadOps(before: Thread | undefined, thread: Thread): VaultOp[] {
  if (before === thread) return [];
  const { state, devices, ...rest } = thread;
  const same = before?.state === state && before.devices === devices;
  return [
    { collection: threadsAt, key: thread.id, value: rest },
    ...(same ? [] : [{ collection: membersAt, key: thread.id, value: { id: thread.id, state, devices } }]),
  ];
}
