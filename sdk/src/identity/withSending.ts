import { keccak256, type LocalAccount, numberToHex } from "viem";
import { type GasPrice, gasLimit, readGasPrice } from "../chain/actions/readGasPrice.ts";
import { createRpc, isKnown, isUnfunded, type Rpc } from "../chain/rpc.ts";
import { asSkrumbleError, SkrumbleError } from "../errors/index.ts";
import type { TransactionRequest, WalletSigner } from "../types/client.ts";
import type { Hex } from "../types/primitives.ts";
import { NotSentError } from "./wallet.ts";

const free: GasPrice = { type: "eip1559", maxFeePerGas: 0n, maxPriorityFeePerGas: 0n };

/**
 * A wallet that signs and sends, out of an account that only signs (`privateKeyToAccount`, `mnemonicToAccount` of viem). Gas costs
 * nothing on the network's chain: fees are zero, and said to be. On another chain it asks the nodes that the request names, and pays
 * what gas costs there.
 * @param rpcUrl JSON-RPC of a node, or a relay's `/rpc`
 */
export function withSending(
  account: Pick<LocalAccount, "address" | "signTypedData" | "signTransaction">,
  rpcUrl: string,
): WalletSigner {
  const home = createRpc({ endpoints: () => [{ url: rpcUrl, operator: rpcUrl }] });
  const signed = async (rpc: Rpc, { to, data, value, chainId, chain, nonce: wanted }: TransactionRequest) => {
    if (Number(await rpc.request("eth_chainId", [])) !== chainId) throw new SkrumbleError("WALLET_WRONG_CHAIN");
    const call = { from: account.address, to, data, value: numberToHex(value) };
    const nonce = wanted ?? Number(await rpc.request("eth_getTransactionCount", [account.address, "pending"]));
    const gas = BigInt((await rpc.request("eth_estimateGas", [call, "latest"])) as Hex);
    const price = chain ? await readGasPrice(rpc) : free;
    return account.signTransaction({
      ...{ ...price, chainId, nonce, to, data, value },
      // What a contract does may have changed by the time it is in a block; where gas is free, there is no need to be sparing.
      gas: chain ? gasLimit(gas) : gas * 2n,
    });
  };
  return {
    address: account.address,
    signTypedData: (typedData) => account.signTypedData(typedData as Parameters<typeof account.signTypedData>[0]),
    async sendTransaction(request) {
      const rpc = request.chain ? nodesOf(request.chain) : home;
      const raw = await signed(rpc, request).catch((error) => {
        throw new NotSentError(isUnfunded(error) ? unfunded(error) : asSkrumbleError(error, "WALLET_FAILED"));
      });
      return (await rpc.request("eth_sendRawTransaction", [raw]).catch((error) => {
        // A node took it, and its answer was lost. Else it is an earlier transfer that is the same in every byte, and this one was not sent.
        if (isKnown(error) && error.isAfterSilence) return keccak256(raw);
        // The node knows what the wallet has, and has not taken it.
        throw isUnfunded(error) ? new NotSentError(unfunded(error)) : error;
      })) as Hex;
    },
  };
}

/** With what a rollup adds to it, the fee may be more than was estimated. */
const unfunded = (cause: unknown) => new SkrumbleError("GAS_OVER_BALANCE", { cause });

const nodesOf = ({ id, rpcUrls }: NonNullable<TransactionRequest["chain"]>): Rpc =>
  createRpc({ endpoints: () => rpcUrls.map((url) => ({ url, operator: url })), chainId: id });
