import type { ConversationId } from "../../lib/types.ts";
import { type Vault, vault } from "../../lib/vault.ts";
import { type CardDraft, decodeCard, encodeCard } from "../link-card/draft.ts";

/** What is being written: the words, and what is said about their link. */
export interface Draft {
  text: string;
  card?: CardDraft | undefined;
}

/** Unsent words survive a change of conversation at once and a reload a moment later, sealed in the vault. */
const open = new Map<ConversationId, Draft>();
const timers = new Map<ConversationId, ReturnType<typeof setTimeout>>();
/** Kept a moment after the last key. */
const waiting = new Map<ConversationId, () => Promise<void>>();
const restMs = 400;

const textAt = (id: ConversationId): string => `draft:${id}`;
const cardAt = (id: ConversationId): string => `draft-card:${id}`;

export async function readDraft(id: ConversationId, from: Vault = vault): Promise<Draft> {
  const now = open.get(id);
  if (now !== undefined) return now;
  try {
    const [text, card] = await Promise.all([from.get(textAt(id)), from.get(cardAt(id))]);
    return open.get(id) ?? { text: text ? new TextDecoder().decode(text) : "", card: card && decodeCard(card) };
  } catch {
    return { text: "" };
  }
}

export function keepDraft(id: ConversationId, draft: Draft, into: Vault = vault): void {
  open.set(id, draft);
  clearTimeout(timers.get(id));
  waiting.set(id, async () => {
    waiting.delete(id);
    const { text, card } = draft;
    const put = (name: string, value: Uint8Array | undefined) => (value ? into.put(name, value) : into.remove(name));
    // A full disk costs the draft after a reload, nothing more.
    await Promise.allSettled([
      put(textAt(id), text ? new TextEncoder().encode(text) : undefined),
      put(cardAt(id), text ? encodeCard(card) : undefined),
    ]);
  });
  timers.set(
    id,
    setTimeout(() => void waiting.get(id)?.(), restMs),
  );
}

/** Before the store is closed on purpose. */
export async function flushDrafts(): Promise<void> {
  for (const timer of timers.values()) clearTimeout(timer);
  timers.clear();
  await Promise.all([...waiting.values()].map((keep) => keep()));
}
