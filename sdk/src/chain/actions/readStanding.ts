import { membershipAbi } from "../../generated/index.ts";
import type { Entitlements, HigherTier } from "../../types/client.ts";
import type { Address } from "../../types/primitives.ts";
import { type Chain, type ReadOptions, readContract } from "../chain.ts";

/** Where a wallet stands in the table of tiers. */
export interface Standing {
  tier: number;
  name: string;
  entitlements: Entitlements;
  /** Those above, lowest first. */
  higherTiers: HigherTier[];
}

/** The tier as IMembership.tierOf finds it, with what is missing for each above. @throws what {@link readContract} throws */
export async function readStanding(chain: Chain, wallet: Address, options: ReadOptions = {}): Promise<Standing> {
  const membership = { address: chain.network.contracts.membership, abi: membershipAbi };
  const [tiers, standing] = await Promise.all([
    readContract(chain, { ...membership, functionName: "tiers", args: [] }, options),
    readContract(chain, { ...membership, functionName: "standingOf", args: [wallet] }, options),
  ]);
  const tier = tiers.findLastIndex(({ threshold }) => threshold <= standing);
  const current = tiers[tier];
  if (!current) throw new RangeError("no tier for this standing");
  return {
    tier,
    name: current.name,
    entitlements: { ...current.entitlements },
    higherTiers: tiers.slice(tier + 1).map(({ name, threshold, entitlements }) => ({
      ...{ name, threshold, missing: threshold - standing },
      entitlements: { ...entitlements },
    })),
  };
}
