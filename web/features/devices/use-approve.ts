import { useCallback, useEffect, useState } from "react";
import { codeOf } from "../../lib/errors.ts";
import type { Client, ErrorCode, LinkApproval, WalletSigner } from "../../lib/types.ts";
import { introduceDevice } from "./model.ts";

/** From a new device's text to everything being over there. Progress is told by the transfer itself. */
export function useApprove(client: Client) {
  const [text, setText] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ErrorCode>();
  const [differed, setDiffered] = useState(false);
  const [approval, setApproval] = useState<LinkApproval>();
  /** This device does not hold the key that changes the list: the wallet has to confirm. */
  const [needsWallet, setNeedsWallet] = useState(false);
  // The list, and a name for this device, before another one hears of it.
  useEffect(() => void introduceDevice(client), [client]);
  const type = (typed: string) => {
    setText(typed);
    setError(undefined);
    setDiffered(false);
  };
  const read = useCallback(
    async (given: string) => {
      setText(given);
      setBusy(true);
      setError(undefined);
      setDiffered(false);
      try {
        setApproval(await client.devices.approve(given.trim()));
      } catch (failed) {
        setError(codeOf(failed));
      }
      setBusy(false);
    },
    [client],
  );
  /** The digits differ: it was not one's own new device. */
  const refuse = () => {
    setText("");
    setApproval(undefined);
    setDiffered(true);
  };
  const send = async (wallet?: WalletSigner) => {
    if (!approval) return;
    setBusy(true);
    setError(undefined);
    try {
      const { oldest } = approval;
      await approval.send({ ...(oldest ? { revoke: oldest.key } : {}), ...(wallet ? { wallet } : {}) });
      setApproval(undefined);
    } catch (failed) {
      const code = codeOf(failed);
      if (code === "DEVICE_NEEDS_WALLET") {
        setNeedsWallet(true);
        return;
      }
      // Said where the wallet was chosen: another one may do.
      if (code.startsWith("WALLET_")) throw failed;
      setError(code);
      setApproval(undefined);
    } finally {
      setBusy(false);
    }
    setNeedsWallet(false);
  };
  const withoutWallet = () => setNeedsWallet(false);
  return {
    text,
    busy,
    error,
    approval,
    differed,
    needsWallet,
    type,
    read,
    refuse,
    send,
    withoutWallet,
    fail: setError,
  };
}
