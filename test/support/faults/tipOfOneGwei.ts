import type { Fault } from "./fault.ts";

const gwei = "0x3b9aca00";

/** Gas is free, and yet the node suggests 1 gwei for whoever does not say what they pay. */
export const tipOfOneGwei = (): Fault => ({
  async instead({ method }) {
    return method === "eth_maxPriorityFeePerGas" || method === "eth_gasPrice" ? { result: gwei } : undefined;
  },
});
