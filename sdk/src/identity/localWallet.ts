import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { SkrumbleError } from "../errors/index.ts";
import type { WalletSigner } from "../types/client.ts";
import type { Hex } from "../types/primitives.ts";

/** A fresh private key for somebody without a wallet. Whoever loses it loses the identity with it. */
export const newWalletKey = (): Hex => generatePrivateKey();

/**
 * A wallet out of a private key, for newcomers and for programs. Its signatures repeat (RFC 6979).
 * @throws SkrumbleError INPUT_INVALID
 */
export function createLocalWallet(privateKey: Hex): WalletSigner {
  let account: ReturnType<typeof privateKeyToAccount>;
  try {
    account = privateKeyToAccount(privateKey);
  } catch {
    // The cause is left out: it would quote the key.
    throw new SkrumbleError("INPUT_INVALID", { details: "Not a private key." });
  }
  return {
    address: account.address,
    signTypedData: (typedData) => account.signTypedData(typedData as Parameters<typeof account.signTypedData>[0]),
  };
}
