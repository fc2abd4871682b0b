import type { Address } from "../../types/primitives.ts";
import type { AnyChain } from "../chain.ts";
import { quorumRequest } from "../quorum.ts";

/** Whether code lives at an address: a contract wallet, whose signatures say nothing by themselves. @param quorum two operators agree */
export async function isContract(
  chain: AnyChain,
  address: Address,
  signal?: AbortSignal,
  quorum = false,
): Promise<boolean> {
  const params = [address, "latest"];
  const code = quorum
    ? await quorumRequest(chain.rpc, "eth_getCode", params, signal)
    : await chain.rpc.request("eth_getCode", params, signal);
  return code !== "0x";
}
