import type { Address, PublicId } from "../../types/primitives.ts";
import type { Chain } from "../chain.ts";
import { RpcError } from "../rpc.ts";
import { readIdentity } from "./readIdentity.ts";

/**
 * The wallet that an identity had after a block, lower case; the present one where nodes have forgotten. Two operators agree.
 * @throws what {@link readIdentity} throws
 */
export async function readOwnerAt(
  chain: Chain,
  publicId: PublicId,
  block: number,
  signal: AbortSignal,
): Promise<Address | undefined> {
  const read = (at: { block?: bigint }) => readIdentity(chain, { publicId }, { quorum: true, signal, ...at });
  const record = await read({ block: BigInt(block) }).catch((error) => {
    if (error instanceof RpcError) return read({});
    throw error;
  });
  return record?.owner.toLowerCase() as Address | undefined;
}
