import type { Address } from "../../types/primitives.ts";
import type { Chain } from "../chain.ts";

/** Whether code lives at an address: a contract wallet, whose signatures say nothing by themselves. */
export async function isContract(chain: Chain, address: Address, signal?: AbortSignal): Promise<boolean> {
  return (await chain.rpc.request("eth_getCode", [address, "latest"], signal)) !== "0x";
}
