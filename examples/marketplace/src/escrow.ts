import type { Hex, WalletSigner } from "@skrumble/sdk";
import { actOnEscrow, type EscrowAction, type EscrowView } from "@skrumble/sdk/agreements";
import type { Chain } from "@skrumble/sdk/chain";

/** The wallet's word holds so long. */
const holdsSeconds = 3600;

/** 32 bytes that nobody can guess from the words: SHA-256 of them with randomness. */
async function sealed(text: string): Promise<Hex> {
  const bytes = new Uint8Array([...crypto.getRandomValues(new Uint8Array(32)), ...new TextEncoder().encode(text)]);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return `0x${Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

/** Does something with a milestone as it was shown. Accepting gives all that is left of it. */
export async function actOn(
  chain: Chain,
  escrow: EscrowView,
  verb: "submit" | "accept" | "reject",
  { index, said = "" }: { index: number; said?: string | undefined },
  wallet: WalletSigner,
): Promise<void> {
  const milestone = escrow.milestones[index];
  if (!milestone) return;
  const action: EscrowAction =
    verb === "accept"
      ? { do: verb, index, amount: milestone.remaining }
      : verb === "submit"
        ? { do: verb, index, evidence: await sealed(said) }
        : { do: verb, index, reason: await sealed(said) };
  const deadline = BigInt(Math.floor(Date.now() / 1000) + holdsSeconds);
  await actOnEscrow(chain, escrow.address, action, { wallet, seen: milestone.step, deadline });
}
