import { useEffect, useState } from "react";
import type { WalletSigner } from "../../lib/types.ts";
import { useIdentity } from "../session/use-client.ts";
import { readLocalWallet, signerOf } from "./local-wallet.ts";

/** The wallet that was made on this device and owns the identity; null where there is none, undefined until it is known. */
export function useOwnWallet(): WalletSigner | null | undefined {
  const { wallet: owner } = useIdentity();
  const [here, setHere] = useState<WalletSigner | null>();
  useEffect(() => {
    const own = async () => {
      const local = await readLocalWallet();
      const signer = local && (await signerOf(local));
      return signer?.address.toLowerCase() === owner.toLowerCase() ? signer : null;
    };
    own().then(setHere, () => setHere(null)); // unreadable: then another way is left
  }, [owner]);
  return here;
}
