import type { WalletSigner } from "../../../lib/types.ts";

const wallet: WalletSigner = {
  address: `0x${"a".repeat(40)}`,
  signTypedData: () => Promise.reject(new Error("This wallet is only looked at.")),
};

/** In place of the one in the vault: nothing is signed in a picture. */
export const useOwnWallet = (): WalletSigner => wallet;
