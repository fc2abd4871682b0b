import type { Fault } from "./fault.ts";

/** A node of another chain: with another number and its own blocks, without our contracts, and refusing what was signed for ours. */
export const otherChain = (chainId: number): Fault => ({
  async instead({ method }) {
    switch (method) {
      case "eth_chainId":
        return { result: `0x${chainId.toString(16)}` };
      case "eth_call":
      case "eth_getCode":
        return { result: "0x" };
      case "eth_getBalance":
      case "eth_getTransactionCount":
        return { result: "0x0" };
      case "eth_getTransactionReceipt":
      case "eth_getTransactionByHash":
        return { result: null };
      case "eth_getLogs":
        return { result: [] };
      case "eth_sendRawTransaction":
        return { error: { code: -32000, message: "invalid chain id for signer" } };
      default:
        return undefined;
    }
  },
});
