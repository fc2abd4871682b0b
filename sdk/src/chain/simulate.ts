import type { SkrumbleError } from "../errors/index.ts";
import type { Address, Hex } from "../types/primitives.ts";
import type { AnyChain } from "./chain.ts";
import { needed, quorumRequest } from "./quorum.ts";
import { isRefusal, RpcError } from "./rpc.ts";

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
 * refused two operators say: one may have stopped to follow the chain, and not know of what came since, or lie.
 * @param isNo what some contracts answer instead of reverting
 * @throws RpcError when it would be refused, without data where two say so and differ on the reason; SkrumbleError QUORUM_FAILED, CHAIN_UNREACHABLE, ABORTED
 */
export async function simulate(
  { rpc }: AnyChain,
  trial: Trial,
  signal?: AbortSignal,
  isNo: (answer: unknown) => boolean = () => false,
): Promise<unknown> {
  const params = [trial, "latest"];
  try {
    const answer = await rpc.request("eth_call", params, signal);
    if (!isNo(answer)) return answer;
  } catch (error) {
    if (!(error instanceof RpcError)) throw error;
  }
  return await quorumRequest(rpc, "eth_call", params, signal).catch((cause) => {
    // Two that refuse, each in its own way, do not disagree on that.
    if (refusalsIn(cause) >= needed) throw new RpcError(3, "Refused, and nodes differ on the reason.", undefined);
    throw cause;
  });
}

const refusalsIn = ({ cause }: SkrumbleError): number =>
  cause instanceof AggregateError ? cause.errors.filter(isRefusal).length : 0;
