import { membershipAbi, skmAbi } from "../../generated/index.ts";
import type { TierStatus } from "../../types/client.ts";
import type { Address } from "../../types/primitives.ts";
import { type Chain, type ReadOptions, readContract } from "../chain.ts";
import { readStanding } from "./readStanding.ts";

/** Tier, holdings and entitlements of a wallet. @throws what {@link readContract} throws */
export async function readTier(chain: Chain, wallet: Address, options: ReadOptions = {}): Promise<TierStatus> {
  const membership = { address: chain.network.contracts.membership, abi: membershipAbi };
  const skm = { address: chain.network.contracts.skm, abi: skmAbi };
  const [standing, credit, balance, lowestBalance] = await Promise.all([
    readStanding(chain, wallet, options),
    readContract(chain, { ...membership, functionName: "creditOf", args: [wallet] }, options),
    readContract(chain, { ...skm, functionName: "balanceOf", args: [wallet] }, options),
    readContract(chain, { ...skm, functionName: "lowestBalance", args: [wallet] }, options),
  ]);
  return { ...standing, credit, balance, lowestBalance };
}
