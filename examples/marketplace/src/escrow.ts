import type { Hex, WalletSigner } from "@skrumble/sdk";
import { actOnEscrow, type EscrowAction, type EscrowView } from "@skrumble/sdk/agreements";
import type { Chain } from "@skrumble/sdk/chain";

/** The wallet's word holds so long. */
const holdsSeconds = 3600;

const toHex = (bytes: Uint8Array): Hex =>
  `0x${Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
const marker = "sealed with ";

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

/** Does something with a milestone as it was shown. Accepting gives all that is left of it, and `hash` of {@link sealed} is not used. */
export async function actOn(
  chain: Chain,
  escrow: EscrowView,
  verb: "submit" | "accept" | "reject",
  { index, hash }: { index: number; hash: Hex },
  wallet: WalletSigner,
): Promise<void> {
  const milestone = escrow.milestones[index];
  if (!milestone) return;
  const action: EscrowAction =
    verb === "accept"
      ? { do: verb, index, amount: milestone.remaining }
      : verb === "submit"
        ? { do: verb, index, evidence: hash }
        : { do: verb, index, reason: hash };
  const deadline = BigInt(Math.floor(Date.now() / 1000) + holdsSeconds);
  await actOnEscrow(chain, escrow.address, action, { wallet, seen: milestone.step, deadline });
}
