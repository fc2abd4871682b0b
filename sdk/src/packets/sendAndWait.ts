import { awaitReceipt } from "../chain/actions/awaitReceipt.ts";
import type { Core } from "../client/core.ts";
import { codeOf, SkrumbleError } from "../errors/index.ts";
import { askWallet, hashInDoubt, isHash } from "../identity/wallet.ts";
import { noteSent } from "../money/walletSent.ts";
import type { WalletSigner } from "../types/client.ts";
import type { Address, Hex } from "../types/primitives.ts";

/**
 * Has the wallet send a call on the network's own chain, and waits until that is in a block; also where the wallet is in doubt, because
 * it goes on sending it.
 * @throws SkrumbleError WALLET_CANNOT_SEND, WALLET_REFUSED, WALLET_FAILED, WALLET_SEND_UNSURE (in no block for two minutes), CHAIN_STALLED,
 * CHAIN_REJECTED, ABORTED
 */
export async function sendAndWait(core: Core, wallet: WalletSigner, call: { to: Address; data: Hex }): Promise<void> {
  const { chain, signal } = core;
  if (!wallet.sendTransaction) throw new SkrumbleError("WALLET_CANNOT_SEND");
  const request = { ...call, value: 0n, chainId: chain.network.chainId, signal };
  let doubt: unknown;
  const hash = await askWallet(async () => wallet.sendTransaction?.(request), signal).catch((error) => {
    doubt = error;
    const doubted = hashInDoubt(error);
    if (!doubted) throw error;
    return doubted;
  });
  if (!isHash(hash)) throw new SkrumbleError("WALLET_FAILED", { details: "No hash." });
  noteSent(core, hash);
  await awaitReceipt(chain, hash, signal).catch((error) => {
    throw codeOf(error) === "CHAIN_STALLED" ? (doubt ?? error) : error;
  });
}
