import { type Abi, decodeFunctionData, encodeFunctionResult, type Hex } from "viem";
import type { Chain } from "../../src/chain/chain.ts";
import { agreementsAbi, escrowAbi, identityRegistryAbi, jobBoardAbi, skmAbi } from "../../src/generated/index.ts";
import type { Address } from "../../src/types/primitives.ts";
import { contractsAt } from "./contracts.ts";

const abis: readonly Abi[] = [agreementsAbi, escrowAbi, identityRegistryAbi, jobBoardAbi, skmAbi];

/** What a call of this function returns. */
export type Answers = Record<string, (args: readonly unknown[]) => unknown>;

/** A chain of one node that says what it is told to, by the name of the function; `calls` are those that it was asked. */
export function sayingChain(at: Address, answers: Answers): Chain & { calls: string[] } {
  const calls: string[] = [];
  const request = async (method: string, params: unknown[]): Promise<unknown> => {
    if (method === "eth_blockNumber") return "0x10";
    const [{ data }] = params as [{ data: Hex }];
    for (const abi of abis) {
      const call = decode(abi, data);
      const answer = call && answers[call.functionName];
      if (!answer) continue;
      calls.push(call.functionName);
      const result = answer(call.args ?? []);
      return encodeFunctionResult({ abi, functionName: call.functionName, result } as never);
    }
    throw new Error(`nothing to say to ${method} ${data.slice(0, 10)}`);
  };
  const endpoints = () => [{ url: "http://127.0.0.1:9/rpc", operator: "one" }];
  const rpc = {
    request,
    requestAt: (_: unknown, method: string, params: unknown[]) => request(method, params),
    endpoints,
  };
  return { network: { chainId: 31_337, name: "test", contracts: contractsAt(at) }, rpc, calls };
}

function decode(abi: Abi, data: Hex) {
  try {
    return decodeFunctionData({ abi, data });
  } catch {
    return undefined;
  }
}
