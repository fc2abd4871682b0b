import type { WalletSigner } from "@skrumble/sdk";
import { codeOf, isUnsure } from "./errors.ts";

/**
 * How far something is that a person does. `sending`: signed, and not known to be on the chain yet. `doubt`: it may get there or not,
 * nobody could say.
 */
export interface Progressing {
  stage: "idle" | "working" | "sending" | "doubt";
  /** Why it failed, or is in doubt. */
  code?: string;
}

/** The same wallet, whose signature is noticed; `kept` is done before anybody else gets to see it. */
export type Signs = (wallet: WalletSigner, kept?: () => Promise<void>) => WalletSigner;

/** Does it and tells how far it is, from the first moment to the end. */
export async function follow(
  work: (signs: Signs) => Promise<void>,
  tell: (progress: Progressing) => void,
): Promise<void> {
  let signed = false;
  const signs: Signs = (wallet, kept) => ({
    ...wallet,
    async signTypedData(typed) {
      const signature = await wallet.signTypedData(typed);
      await kept?.();
      signed = true;
      tell({ stage: "sending" });
      return signature;
    },
  });
  tell({ stage: "working" });
  try {
    await work(signs);
    tell({ stage: "idle" });
  } catch (error) {
    const code = codeOf(error);
    tell({ stage: signed && isUnsure(code) ? "doubt" : "idle", code });
  }
}
