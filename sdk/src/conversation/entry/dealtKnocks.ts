import type { Core } from "../../client/core.ts";
import type { VaultOp } from "../../store/index.ts";
import type { ConversationId, Millis, PublicId } from "../../types/primitives.ts";
import type { KnockBody } from "../handshake.ts";
import { knockTtlSeconds } from "./knocks.ts";

/** Knocks that this device has dealt with, as long as one counts: whoever has a copy of one cannot use it again. */

interface Dealt {
  from: PublicId;
  /** The oldest first. */
  knocks: { nonce: string; sentAt: Millis }[];
}

const collection = (id: ConversationId) => `dealt knocks ${id}`;
const maxOfPerson = 64;
/** Of one conversation, with strangers who have the link. */
const maxPeople = 512;
/** A clock may be wrong by so much. */
const counts = knockTtlSeconds * 1000;

/**
 * Inside the sender's lane. @returns what has to be written together with the answer; undefined when it was dealt with before, or is too
 * old for this device to know
 */
export async function dealtOnce(
  core: Core,
  { conversationId: id, from, nonce, sentAt }: KnockBody,
): Promise<VaultOp[] | undefined> {
  const now = core.now();
  if (Math.abs(now - sentAt) > counts) return undefined;
  const before = await core.vault.get<Dealt>(collection(id), from);
  const kept = (before?.knocks ?? []).filter((one) => now - one.sentAt <= counts);
  // Those that were pushed out are older than all that are left.
  const forgotten = kept.length >= maxOfPerson && sentAt <= (kept[0]?.sentAt ?? 0);
  if (forgotten || kept.some((one) => one.nonce === nonce)) return undefined;
  const knocks = [...kept, { nonce, sentAt }].sort((a, b) => a.sentAt - b.sentAt).slice(-maxOfPerson);
  const value: Dealt = { from, knocks };
  return [...(before ? [] : await makeRoom(core, id)), { collection: collection(id), key: from, value }];
}

/** For one more person: without those whose knocks do not count any more, and without the oldest of too many. */
async function makeRoom(core: Core, id: ConversationId): Promise<VaultOp[]> {
  const rows = (await core.vault.range<Dealt>(collection(id))).map(({ value }) => value);
  const newest = ({ knocks }: Dealt) => knocks.at(-1)?.sentAt ?? 0;
  const byAge = rows.toSorted((a, b) => newest(b) - newest(a));
  const surplus = byAge.filter((one, i) => i >= maxPeople - 1 || core.now() - newest(one) > counts);
  return surplus.map(({ from }) => ({ collection: collection(id), key: from, delete: true }));
}
