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

/** Numbers of the newest blocks that relays of different operators know; whoever does not answer is left out. Never rejects. */
export async function readHeads(
  chain: AnyChain,
  signal?: AbortSignal,
): Promise<{ endpoint: RpcEndpoint; head: bigint }[]> {
  const said = await Promise.all(
    onePerOperator(chain.rpc)
      .slice(0, asked)
      .map((endpoint) =>
        chain.rpc.requestAt(endpoint, "eth_blockNumber", [], signal).then(
          (answer) => ({ endpoint, head: quantity.safeParse(answer).data }),
          () => ({ endpoint, head: undefined }),
        ),
      ),
  );
  return said.flatMap(({ endpoint, head }) => (head === undefined ? [] : [{ endpoint, head }]));
}
