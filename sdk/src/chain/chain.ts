import {
  type Abi,
  type ContractFunctionArgs,
  type ContractFunctionName,
  type ContractFunctionReturnType,
  decodeFunctionResult,
  type EncodeFunctionDataParameters,
  encodeFunctionData,
  type Hex,
  numberToHex,
} from "viem";
import { SkrumbleError } from "../errors/index.ts";
import type { Address } from "../types/primitives.ts";
import { quorumRequest } from "./quorum.ts";
import { createRpc, type Rpc, type RpcOptions } from "./rpc.ts";
import type { FurtherFacts, NetworkInfo } from "./types.ts";

/** Any chain that can be read and paid on. */
export interface AnyChain {
  readonly network: Pick<NetworkInfo, "chainId" | "name">;
  readonly rpc: Rpc;
  /** Only of one that is not the network's own. */
  readonly further?: FurtherFacts;
}

/** The network's own chain as relays show it. Actions take it as their first argument. */
export interface Chain extends AnyChain {
  readonly network: NetworkInfo;
  readonly checkpoints?: Checkpoints;
  /** For what relays give out beside JSON-RPC; the platform's own where absent. */
  readonly fetch?: typeof fetch;
}

/** Where the validators that were followed so far are kept for the next start: one JSON value. */
export interface Checkpoints {
  /** What was written last; it is checked. */
  read(): Promise<unknown>;
  /** Undefined: nothing is to be kept any more. */
  write(value: unknown): Promise<void>;
}

export interface ChainOptions extends RpcOptions {
  /** Else validators are followed anew at every start. */
  checkpoints?: Checkpoints;
}

export const createChain = (network: NetworkInfo, { checkpoints, ...options }: ChainOptions): Chain => ({
  network,
  rpc: createRpc(options),
  ...(options.fetch ? { fetch: options.fetch } : {}),
  ...(checkpoints ? { checkpoints } : {}),
});

export interface ReadOptions {
  /** Two operators must agree. For everything another person's identity or a certificate hangs on. */
  quorum?: boolean;
  /** The state after this block instead of the latest; nodes may have forgotten what is old. */
  block?: bigint;
  signal?: AbortSignal | undefined;
}

/**
 * Calls a view function at the latest block (final on this chain). What one relay says and nobody can read is no answer: then two
 * operators have to agree.
 * @throws RpcError on a revert; SkrumbleError CHAIN_UNREACHABLE, QUORUM_FAILED, CHAIN_REJECTED (undecodable answer), ABORTED
 */
export async function readContract<
  const abi extends Abi,
  name extends ContractFunctionName<abi, "view" | "pure">,
  const args extends ContractFunctionArgs<abi, "view" | "pure", name>,
>(
  chain: AnyChain,
  call: { address: Address; abi: abi; functionName: name; args: args },
  options: ReadOptions = {},
): Promise<ContractFunctionReturnType<abi, "view" | "pure", name, args>> {
  const data = encodeFunctionData(call as unknown as EncodeFunctionDataParameters);
  const params = [{ to: call.address, data }, options.block === undefined ? "latest" : numberToHex(options.block)];
  const decode = (data: unknown) => decodeFunctionResult({ ...call, data: data as Hex } as never) as never;
  if (!options.quorum) {
    const result = await chain.rpc.request("eth_call", params, options.signal);
    try {
      return decode(result);
    } catch {
      // Asked again below.
    }
  }
  const agreed = await quorumRequest(chain.rpc, "eth_call", params, options.signal);
  try {
    return decode(agreed);
  } catch (error) {
    throw new SkrumbleError("CHAIN_REJECTED", {
      details: `Cannot read the answer of ${call.functionName}.`,
      cause: error,
    });
  }
}
