import { membershipAbi } from "../../generated/index.ts";
import type { TierStatus } from "../../types/client.ts";
import type { Address } from "../../types/primitives.ts";
import { type Chain, type ReadOptions, readContract } from "../chain.ts";

/** What the tier of a wallet allows (IMembership.entitlementsOf). @throws what {@link readContract} throws */
export async function readEntitlements(
  chain: Chain,
  wallet: Address,
  options: ReadOptions = {},
): Promise<TierStatus["entitlements"]> {
  const membership = { address: chain.network.contracts.membership, abi: membershipAbi };
  return { ...(await readContract(chain, { ...membership, functionName: "entitlementsOf", args: [wallet] }, options)) };
}
