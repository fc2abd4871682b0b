import { keccak256, type LocalAccount, numberToHex } from "viem";
import { type GasPrice, gasLimit, readGasPrice } from "../chain/actions/readGasPrice.ts";
import { createRpc, isAfterSilence, isKnown, isUnfunded, type Rpc, RpcError } from "../chain/rpc.ts";
import { asSkrumbleError, SkrumbleError, throwIfAborted } from "../errors/index.ts";
import type { TransactionRequest, WalletSigner } from "../types/client.ts";
import type { Hex } from "../types/primitives.ts";
import type { Nonce, NonceSource, Nonces } from "./nonces.ts";
import { NotSentError } from "./wallet.ts";

const free: GasPrice = { type: "eip1559", maxFeePerGas: 0n, maxPriorityFeePerGas: 0n };

/** In milliseconds: a node that restarts is back by then. */
const [askAgainFor, askAgainEvery] = [30_000, 500];

/** By chain and account, as long as something is followed: whoever sends out of the same account shares them. */
const accounts = new Map<string, Nonces>();

/**
 * A wallet that signs and sends, out of an account that only signs (`privateKeyToAccount`, `mnemonicToAccount` of viem). Gas costs
 * nothing on the network's chain: fees are zero, and said to be. On another chain it asks the nodes that the request names, and pays
 * what gas costs there.
 *
 * Many can be sent at once: at most 500 wait for a block at a time, and 1,000 more for that. What a node forgot is sent again in the
 * same bytes for eight minutes, while the program runs.
 * @param rpcUrl JSON-RPC of a node, or a relay's `/rpc`
 */
export function withSending(
  account: Pick<LocalAccount, "address" | "signTypedData" | "signTransaction">,
  rpcUrl: string,
): WalletSigner {
  const home = createRpc({ endpoints: () => [{ url: rpcUrl, operator: rpcUrl }] });
  const { address } = account;

  /** All that needs no nonce. */
  async function prepare(rpc: Rpc, { to, data, value, chainId, chain }: TransactionRequest) {
    if (Number(await rpc.request("eth_chainId", [])) !== chainId) throw new SkrumbleError("WALLET_WRONG_CHAIN");
    const call = { from: address, to, data, value: numberToHex(value) };
    const gas = BigInt((await rpc.request("eth_estimateGas", [call, "latest"])) as Hex);
    const price = chain ? await readGasPrice(rpc) : free;
    // What a contract does may have changed by the time it is in a block; where gas is free, there is no need to be sparing.
    return { ...price, chainId, to, data, value, gas: chain ? gasLimit(gas) : gas * 2n };
  }

  function sourceOf(rpc: Rpc, request: TransactionRequest): NonceSource {
    const count = async (block: string) => Number(await rpc.request("eth_getTransactionCount", [address, block]));
    return {
      async read() {
        const [mined, pending] = await Promise.all([count("latest"), count("pending")]);
        return { mined, pending };
      },
      send: (raw) => rpc.request("eth_sendRawTransaction", [raw]),
      async fill(nonce) {
        const nothing = await prepare(rpc, { ...request, to: address, data: "0x", value: 0n });
        return account.signTransaction({ ...nothing, nonce });
      },
    };
  }

  async function numbered(rpc: Rpc, request: TransactionRequest): Promise<Nonce> {
    const { createNonces } = await import("./nonces.ts");
    const key = `${request.chainId} ${address.toLowerCase()}`;
    const nonces = accounts.get(key) ?? createNonces(() => void accounts.delete(key));
    accounts.set(key, nonces);
    const source = sourceOf(rpc, request);
    return request.nonce === undefined ? nonces.take(source, request.signal) : nonces.use(source, request.nonce);
  }

  return {
    address,
    signTypedData: (typedData) => account.signTypedData(typedData as Parameters<typeof account.signTypedData>[0]),
    async sendTransaction(request) {
      const rpc = request.chain ? nodesOf(request.chain) : home;
      let nonce: Nonce | undefined;
      let raw: Hex;
      try {
        const prepared = await prepare(rpc, request);
        nonce = await numbered(rpc, request);
        throwIfAborted(request.signal);
        raw = await account.signTransaction({ ...prepared, nonce: nonce.nonce });
      } catch (error) {
        nonce?.giveBack();
        throw new NotSentError(isUnfunded(error) ? unfunded(error) : asSkrumbleError(error, "WALLET_FAILED"));
      }
      try {
        const hash = await handOver(rpc, raw);
        nonce.sent(raw);
        return hash;
      } catch (error) {
        if (isAfterSilence(error) || !(error instanceof RpcError)) nonce.sent(raw);
        else nonce.giveBack();
        // The node knows what the wallet has, and has not taken it.
        throw isUnfunded(error) && !error.isAfterSilence ? new NotSentError(unfunded(error)) : error;
      }
    },
  };
}

/** The same bytes again, as long as nobody says whether they came. @throws what tells of a refusal, or of silence */
async function handOver(rpc: Rpc, raw: Hex): Promise<Hex> {
  const until = Date.now() + askAgainFor;
  for (let wasSilent = false; ; ) {
    try {
      return (await rpc.request("eth_sendRawTransaction", [raw])) as Hex;
    } catch (error) {
      wasSilent ||= isAfterSilence(error);
      // A node took it, and its answer was lost. Else it is an earlier transfer that is the same in every byte, and this one was not sent.
      if (wasSilent && (isKnown(error) || (await isMined(rpc, keccak256(raw))))) return keccak256(raw);
      if (error instanceof RpcError) throw Object.assign(error, { isAfterSilence: wasSilent });
      if (!wasSilent || Date.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, askAgainEvery));
    }
  }
}

const isMined = (rpc: Rpc, hash: Hex): Promise<boolean> =>
  rpc.request("eth_getTransactionReceipt", [hash]).then(
    (receipt) => receipt !== null,
    () => false,
  );

/** With what a rollup adds to it, the fee may be more than was estimated. */
const unfunded = (cause: unknown) => new SkrumbleError("GAS_OVER_BALANCE", { cause });

const nodesOf = ({ id, rpcUrls }: NonNullable<TransactionRequest["chain"]>): Rpc =>
  createRpc({ endpoints: () => rpcUrls.map((url) => ({ url, operator: url })), chainId: id });
