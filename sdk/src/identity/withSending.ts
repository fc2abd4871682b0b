import { type LocalAccount, numberToHex } from "viem";
import { createRpc } from "../chain/rpc.ts";
import { SkrumbleError } from "../errors/index.ts";
import type { WalletSigner } from "../types/client.ts";
import type { Hex } from "../types/primitives.ts";

/**
 * A wallet that signs and sends, out of an account that only signs (`privateKeyToAccount`, `mnemonicToAccount` of viem). Gas costs
 * nothing on the network's chain: fees are zero, and said to be.
 * @param rpcUrl JSON-RPC of a node, or a relay's `/rpc`
 */
export function withSending(
  account: Pick<LocalAccount, "address" | "signTypedData" | "signTransaction">,
  rpcUrl: string,
): WalletSigner {
  const rpc = createRpc({ endpoints: () => [{ url: rpcUrl, operator: rpcUrl }] });
  return {
    address: account.address,
    signTypedData: (typedData) => account.signTypedData(typedData as Parameters<typeof account.signTypedData>[0]),
    async sendTransaction({ to, data, value, chainId, nonce: wanted }) {
      if (Number(await rpc.request("eth_chainId", [])) !== chainId) throw new SkrumbleError("WALLET_WRONG_CHAIN");
      const call = { from: account.address, to, data, value: numberToHex(value) };
      const nonce = wanted ?? Number(await rpc.request("eth_getTransactionCount", [account.address, "pending"]));
      const gas = BigInt((await rpc.request("eth_estimateGas", [call, "latest"])) as Hex);
      const raw = await account.signTransaction({
        ...{ type: "eip1559", chainId, nonce, to, data, value },
        // What a contract does may have changed by the time it is in a block.
        ...{ gas: gas * 2n, maxFeePerGas: 0n, maxPriorityFeePerGas: 0n },
      });
      return (await rpc.request("eth_sendRawTransaction", [raw])) as Hex;
    },
  };
}
