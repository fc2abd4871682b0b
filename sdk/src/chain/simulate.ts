import type { Address, Hex } from "../types/primitives.ts";
import type { AnyChain } from "./chain.ts";
import { quorumRequest } from "./quorum.ts";
import { RpcError } from "./rpc.ts";

/** A call on trial. */
export interface Trial {
  from?: Address;
  to: Address;
  data: Hex;
  /** As JSON-RPC has numbers. */
  value?: Hex;
}

/**
 * What a call would give at the latest block. One relay's yes will do: what is refused then costs nobody anything. That it would be
 * refused two operators say: one may have stopped to follow the chain, and not know of what came since.
 * @throws RpcError when it would be refused; SkrumbleError QUORUM_FAILED, CHAIN_UNREACHABLE, ABORTED
 */
export async function simulate({ rpc }: AnyChain, trial: Trial, signal?: AbortSignal): Promise<unknown> {
  const params = [trial, "latest"];
  try {
    return await rpc.request("eth_call", params, signal);
  } catch (error) {
    if (!(error instanceof RpcError)) throw error;
    return quorumRequest(rpc, "eth_call", params, signal);
  }
}
