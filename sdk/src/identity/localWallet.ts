import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { SkrumbleError } from "../errors/index.ts";
import type { WalletSigner } from "../types/client.ts";
import type { Hex } from "../types/primitives.ts";
import { withSending } from "./withSending.ts";

/** A fresh private key for somebody without a wallet. Whoever loses it loses the identity with it. */
export const newWalletKey = (): Hex => generatePrivateKey();

/**
 * A wallet out of a private key, for newcomers and for programs. Its signatures repeat (RFC 6979).
 * @param rpcUrl of a node or relay through which it also sends; without, it only signs
 * @throws SkrumbleError INPUT_INVALID
 */
export function createLocalWallet(privateKey: Hex, rpcUrl?: string): WalletSigner {
  let account: ReturnType<typeof privateKeyToAccount>;
  try {
    account = privateKeyToAccount(privateKey);
  } catch {
    // The cause is left out: it would quote the key.
    throw new SkrumbleError("INPUT_INVALID", { details: "Not a private key." });
  }
  if (rpcUrl !== undefined) return withSending(account, rpcUrl);
  return {
    address: account.address,
    signTypedData: (typedData) => account.signTypedData(typedData as Parameters<typeof account.signTypedData>[0]),
  };
}
