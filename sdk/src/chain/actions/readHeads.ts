import type { Hex } from "viem";
import * as z from "zod";
import type { AnyChain } from "../chain.ts";
import { onePerOperator } from "../quorum.ts";
import type { RpcEndpoint } from "../types.ts";

/** A block's number. */
export const quantity = z
  .string()
  .regex(/^0x[0-9a-f]{1,12}$/i)
  .transform((digits) => BigInt(digits as Hex));

/** Operators asked for the newest block. */
const asked = 5;

/** Number of the newest block that one relay knows; undefined when it does not say. Never rejects. */
export const readHeadAt = (chain: AnyChain, endpoint: RpcEndpoint, signal?: AbortSignal): Promise<bigint | undefined> =>
  chain.rpc.requestAt(endpoint, "eth_blockNumber", [], signal).then(
    (answer) => quantity.safeParse(answer).data,
    () => undefined,
  );

/** The same of relays of different operators, of those that say it. Never rejects. */
export async function readHeads(chain: AnyChain, signal?: AbortSignal): Promise<bigint[]> {
  const endpoints = onePerOperator(chain.rpc).slice(0, asked);
  const said = await Promise.all(endpoints.map((endpoint) => readHeadAt(chain, endpoint, signal)));
  return said.filter((head) => head !== undefined);
}
