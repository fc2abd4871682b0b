import type { Hex } from "@skrumble/sdk";

const toHex = (bytes: Uint8Array): Hex =>
  `0x${Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
const marker = "sealed with ";

/** Of the words: what comes with them fits into a message, too. */
export const maxWords = 1000;

/**
 * Words for the conversation and for the chain: the escrow gets SHA-256 of 32 random bytes and the words, the conversation both. So
 * nobody guesses them from the chain, and whoever has the message can show what they were.
 */
export async function sealed(words: string): Promise<{ text: string; hash: Hex }> {
  const salt = crypto.getRandomValues(new Uint8Array(32));
  const bytes = new Uint8Array([...salt, ...new TextEncoder().encode(words)]);
  const hash = toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
  return { text: `${words}\n${marker}${toHex(salt)}`, hash };
}

/** What a person reads of such a message; any other as it is. */
export const wordsIn = (text: string): string => text.replace(/\nsealed with 0x[0-9a-f]{64}$/, "");
