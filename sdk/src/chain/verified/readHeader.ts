import { numberToHex } from "viem";
import { SkrumbleError } from "../../errors/index.ts";
import type { Chain } from "../chain.ts";
import type { RpcEndpoint } from "../types.ts";
import { type Header, parseHeader } from "./header.ts";
import { unproven } from "./unproven.ts";

/** A header as one relay tells it. @throws SkrumbleError CHAIN_UNPROVEN, CHAIN_UNREACHABLE (not there), and what the relay throws */
export async function readHeader(
  chain: Chain,
  endpoint: RpcEndpoint,
  number: bigint | "latest",
  signal: AbortSignal,
): Promise<Header> {
  const at = number === "latest" ? number : numberToHex(number);
  const block = await chain.rpc.requestAt(endpoint, "eth_getBlockByNumber", [at, false], signal);
  // A node that is behind, or keeps no old blocks, is no liar.
  if (block === null) throw new SkrumbleError("CHAIN_UNREACHABLE");
  const header = parseHeader(block);
  if (number !== "latest" && header.number !== number) throw unproven("That is another block.");
  return header;
}
