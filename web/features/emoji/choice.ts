import { create } from "zustand";
import { type Vault, vault } from "../../lib/vault.ts";
import type { Tone } from "./emoji.ts";

const most = 21;
const place = "emoji";

interface EmojiChoice {
  recent: readonly string[];
  tone: Tone;
}

/** What was picked lately, and in which tone: it says something about people, so it lives in the vault. */
export const useEmojiChoice = create<EmojiChoice>(() => ({ recent: [], tone: 0 }));

export async function readEmojiChoice(from: Vault = vault): Promise<void> {
  try {
    const kept = await from.get(place);
    if (kept) useEmojiChoice.setState(parse(new TextDecoder().decode(kept)));
  } catch {
    // without storage the choice begins anew
  }
}

export function usedEmoji(sign: string, into: Vault = vault): void {
  const { recent } = useEmojiChoice.getState();
  keep({ recent: [sign, ...recent.filter((other) => other !== sign)].slice(0, most) }, into);
}

export function chooseTone(tone: Tone, into: Vault = vault): void {
  keep({ tone }, into);
}

function keep(change: Partial<EmojiChoice>, into: Vault): void {
  useEmojiChoice.setState(change);
  const whole = new TextEncoder().encode(JSON.stringify(useEmojiChoice.getState()));
  into.put(place, whole).catch(() => undefined); // a full disk costs the list after a reload, nothing more
}

function parse(text: string): Partial<EmojiChoice> {
  const value: unknown = JSON.parse(text);
  if (typeof value !== "object" || value === null) return {};
  const { recent, tone } = value as Record<string, unknown>;
  return {
    ...(Array.isArray(recent) && {
      recent: recent.filter((sign): sign is string => typeof sign === "string" && sign.length <= 40).slice(0, most),
    }),
    ...([0, 1, 2, 3, 4, 5].includes(tone as number) && { tone: tone as Tone }),
  };
}
