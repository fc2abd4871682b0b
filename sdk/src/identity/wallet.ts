import { recoverTypedDataAddress } from "viem";
import { isContract } from "../chain/actions/isContract.ts";
import type { AnyChain, Chain } from "../chain/chain.ts";
import { type Bytes, fromHex } from "../crypto/bytes.ts";
import { codeOf, SkrumbleError, throwIfAborted } from "../errors/index.ts";
import type { TypedDataRequest, WalletChain, WalletSigner } from "../types/client.ts";
import type { Address, Hex } from "../types/primitives.ts";

/** Waits for the wallet, or for the person to cancel. @throws SkrumbleError WALLET_REFUSED, WALLET_FAILED, ABORTED */
export async function askWallet<T>(ask: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  throwIfAborted(signal);
  try {
    return await abortable(ask(), signal);
  } catch (error) {
    if (error instanceof SkrumbleError) throw error;
    throw new SkrumbleError(isRefusal(error) ? "WALLET_REFUSED" : "WALLET_FAILED", { cause: error });
  }
}

/** Of a wallet that knows that nothing was sent; it has the code of what went wrong. */
export class NotSentError extends SkrumbleError {
  override readonly name = "NotSentError";
  constructor(reason: SkrumbleError) {
    super(reason.code, {
      ...(reason.details === undefined ? {} : { details: reason.details }),
      ...{ values: reason.values, cause: reason },
    });
  }
}

/** What a wallet was asked to send, it has not: it said no, says so, or was on another chain. After anything else it may have. */
export const wasNotSent = (error: unknown): boolean =>
  error instanceof NotSentError ||
  (["WALLET_REFUSED", "WALLET_WRONG_CHAIN"] as const).some((code) => codeOf(error) === code);

export const isHash = (hash: unknown): hash is Hex => typeof hash === "string" && /^0x[0-9a-f]{64}$/i.test(hash);

/** The transaction that a wallet may have sent, and goes on sending. */
export const hashInDoubt = (error: unknown): Hex | undefined =>
  error instanceof SkrumbleError && error.code === "WALLET_SEND_UNSURE" && isHash(error.values.hash)
    ? error.values.hash
    : undefined;

function abortable<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(new SkrumbleError("ABORTED", { cause: signal.reason }));
    signal.addEventListener("abort", onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
    // The wallet may have made the program cancel while it was being asked.
    if (signal.aborted) onAbort();
  });
}

/** EIP-1193 code 4001, however deep a wallet library has wrapped it; ethers says ACTION_REJECTED. */
function isRefusal(error: unknown): boolean {
  for (let at = error, depth = 0; typeof at === "object" && at !== null && depth < 8; depth++) {
    const { code, name, cause } = at as { code?: unknown; name?: unknown; cause?: unknown };
    if (code === 4001 || code === "ACTION_REJECTED" || name === "UserRejectedRequestError") return true;
    at = cause;
  }
  return false;
}

export interface CheckedSignature {
  bytes: Bytes;
  /** The account is a contract: its signature cannot be checked here and need not repeat. */
  fromContract: boolean;
}

/**
 * Has typed data signed and makes sure that the chosen account signed it.
 * @throws SkrumbleError WALLET_REFUSED, WALLET_FAILED, WALLET_CHANGED_ACCOUNT, ABORTED
 */
export async function signChecked(
  chain: Chain,
  wallet: WalletSigner,
  typedData: TypedDataRequest,
  signal?: AbortSignal,
): Promise<CheckedSignature> {
  const signature = await askWallet(() => wallet.signTypedData(typedData), signal);
  const signer = await recover(typedData, signature);
  if (signer?.toLowerCase() === wallet.address.toLowerCase()) {
    return { bytes: normalizeV(fromHex(signature)), fromContract: false };
  }
  if (await isContract(chain, wallet.address, signal)) return { bytes: fromHex(signature), fromContract: true };
  throw new SkrumbleError(signer ? "WALLET_CHANGED_ACCOUNT" : "WALLET_FAILED");
}

/** Whether an account that is no contract has signed this. Never rejects. */
export const isSignedBy = async (typedData: TypedDataRequest, signature: Hex, account: Address): Promise<boolean> =>
  (await recover(typedData, signature))?.toLowerCase() === account.toLowerCase();

async function recover(typedData: TypedDataRequest, signature: `0x${string}`): Promise<string | undefined> {
  try {
    return await recoverTypedDataAddress({ ...typedData, signature } as Parameters<typeof recoverTypedDataAddress>[0]);
  } catch {
    return undefined;
  }
}

/** Some wallets end a signature with 0 or 1, others with 27 or 28; the keys must not depend on it. */
function normalizeV(signature: Bytes): Bytes {
  const last = signature[64];
  if (signature.length === 65 && last !== undefined && last < 27) signature[64] = last + 27;
  return signature;
}

/** What a wallet has to know of a chain to move to it (EIP-3085). */
export function walletChain({ network: { chainId: id, name }, rpc, further }: AnyChain): WalletChain {
  const rpcUrls = [...new Set(rpc.endpoints().map(({ url }) => url))];
  if (!further) return { id, name, rpcUrls };
  const { coin, explorer } = further;
  return {
    ...{ id, name, rpcUrls },
    coin: { name: coin.name, symbol: coin.symbol, decimals: coin.decimals },
    ...(explorer === undefined ? {} : { explorer }),
  };
}

/**
 * Wallets refuse to sign for a chain they are not on.
 * @throws SkrumbleError WALLET_WRONG_CHAIN, WALLET_REFUSED, ABORTED
 */
export async function ensureChain(chain: AnyChain, wallet: WalletSigner, signal?: AbortSignal): Promise<void> {
  if (!wallet.chainId) return;
  const { chainId: id, name } = chain.network;
  const isThere = async () => (await askWallet(() => wallet.chainId?.() ?? Promise.resolve(id), signal)) === id;
  if (await isThere()) return;
  const values = { chain: name, chainId: id };
  const move = wallet.switchChain?.bind(wallet);
  if (!move) throw new SkrumbleError("WALLET_WRONG_CHAIN", { values });
  try {
    await askWallet(() => move(walletChain(chain)), signal);
  } catch (error) {
    if (error instanceof SkrumbleError && error.code !== "WALLET_FAILED") throw error;
    throw new SkrumbleError("WALLET_WRONG_CHAIN", { values, cause: error });
  }
  if (!(await isThere())) throw new SkrumbleError("WALLET_WRONG_CHAIN", { values });
}
