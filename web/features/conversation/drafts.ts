import type { ConversationId } from "../../lib/types.ts";
import { type Vault, vault } from "../../lib/vault.ts";

/** Unsent words survive a change of conversation at once and a reload a moment later, sealed in the vault. */
const open = new Map<ConversationId, string>();
const timers = new Map<ConversationId, ReturnType<typeof setTimeout>>();
/** Kept a moment after the last key. */
const waiting = new Map<ConversationId, () => Promise<void>>();
const restMs = 400;

export async function readDraft(id: ConversationId, from: Vault = vault): Promise<string> {
  const now = open.get(id);
  if (now !== undefined) return now;
  try {
    const kept = await from.get(`draft:${id}`);
    return open.get(id) ?? (kept ? new TextDecoder().decode(kept) : "");
  } catch {
    return "";
  }
}

export function keepDraft(id: ConversationId, text: string, into: Vault = vault): void {
  open.set(id, text);
  clearTimeout(timers.get(id));
  waiting.set(id, async () => {
    waiting.delete(id);
    const done = text ? into.put(`draft:${id}`, new TextEncoder().encode(text)) : into.remove(`draft:${id}`);
    await done.catch(() => undefined); // a full disk costs the draft after a reload, nothing more
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
