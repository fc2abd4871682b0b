import type { Chain } from "../chain/chain.ts";
import { toHex } from "../crypto/bytes.ts";
import { ensureChain, signChecked } from "../identity/wallet.ts";
import type { TypedDataRequest, WalletSigner } from "../types/client.ts";
import type { Hex } from "../types/primitives.ts";

/** @throws SkrumbleError WALLET_WRONG_CHAIN, WALLET_REFUSED, WALLET_FAILED, WALLET_CHANGED_ACCOUNT, ABORTED */
export async function signWith(
  chain: Chain,
  wallet: WalletSigner,
  typedData: TypedDataRequest,
  signal?: AbortSignal,
): Promise<Hex> {
  await ensureChain(chain, wallet, signal);
  return toHex((await signChecked(chain, wallet, typedData, signal)).bytes);
}
