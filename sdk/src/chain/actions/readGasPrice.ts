import * as z from "zod";
import { SkrumbleError } from "../../errors/index.ts";
import type { Hex } from "../../types/primitives.ts";
import { type Rpc, RpcError } from "../rpc.ts";

/** As a transaction names them, in the coin's smallest unit per gas: EIP-1559, or one price on chains that do not know it. */
export type GasPrice =
  | { type: "eip1559"; maxFeePerGas: bigint; maxPriorityFeePerGas: bigint }
  | { type: "legacy"; gasPrice: bigint };

const quantity = z
  .string()
  .regex(/^0x[0-9a-f]{1,32}$/i)
  .transform((digits) => BigInt(digits as Hex));
const block = z.object({ baseFeePerGas: quantity.optional() });

/**
 * What gas costs at most for the next blocks, on a chain where it is not free. One node's word: it can make a payment late, or its fee
 * higher, as every node of a wallet can.
 * @throws SkrumbleError CHAIN_UNREACHABLE, CHAIN_REJECTED, ABORTED
 */
export async function readGasPrice(rpc: Rpc, signal?: AbortSignal): Promise<GasPrice> {
  const { baseFeePerGas: base } = checked(block, await rpc.request("eth_getBlockByNumber", ["latest", false], signal));
  const gasPrice = checked(quantity, await rpc.request("eth_gasPrice", [], signal));
  if (base === undefined) return { type: "legacy", gasPrice };
  const tip = await rpc.request("eth_maxPriorityFeePerGas", [], signal).then(
    (answer) => checked(quantity, answer),
    (error) => {
      // Not every node has an opinion about it.
      if (error instanceof RpcError) return gasPrice > base ? gasPrice - base : 0n;
      throw error;
    },
  );
  // A full block raises the base fee by an eighth: enough for six of them.
  return { type: "eip1559", maxFeePerGas: 2n * base + tip, maxPriorityFeePerGas: tip };
}

export const highestPrice = (price: GasPrice): bigint =>
  price.type === "legacy" ? price.gasPrice : price.maxFeePerGas;

/** What a transaction may use at most, when it was estimated: more is reserved of the wallet's coin, and shown to the person. */
export const gasLimit = (estimated: bigint): bigint => estimated + estimated / 4n;

function checked<T>(schema: z.ZodType<T>, answer: unknown): T {
  const result = schema.safeParse(answer);
  if (!result.success) throw new SkrumbleError("CHAIN_REJECTED", { details: "Not what a node answers." });
  return result.data;
}
