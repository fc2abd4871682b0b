import { membershipAbi, skmAbi } from "../../generated/index.ts";
import type { TierStatus } from "../../types/client.ts";
import type { Address } from "../../types/primitives.ts";
import { type Chain, type ReadOptions, readContract } from "../chain.ts";

/** Tier, holdings and entitlements of a wallet. @throws what {@link readContract} throws */
export async function readTier(chain: Chain, wallet: Address, options: ReadOptions = {}): Promise<TierStatus> {
  const membership = { address: chain.network.contracts.membership, abi: membershipAbi };
  const skm = { address: chain.network.contracts.skm, abi: skmAbi };
  const [tier, tiers, standing, credit, balance, lowestBalance] = await Promise.all([
    readContract(chain, { ...membership, functionName: "tierOf", args: [wallet] }, options),
    readContract(chain, { ...membership, functionName: "tiers", args: [] }, options),
    readContract(chain, { ...membership, functionName: "standingOf", args: [wallet] }, options),
    readContract(chain, { ...membership, functionName: "creditOf", args: [wallet] }, options),
    readContract(chain, { ...skm, functionName: "balanceOf", args: [wallet] }, options),
    readContract(chain, { ...skm, functionName: "lowestBalance", args: [wallet] }, options),
  ]);
  const current = tiers[Number(tier)];
  const next = tiers[Number(tier) + 1];
  if (!current) throw new RangeError("tier outside of the table");
  return {
    tier: Number(tier),
    name: current.name,
    balance,
    lowestBalance,
    credit,
    entitlements: { ...current.entitlements },
    ...(next ? { nextTier: { name: next.name, threshold: next.threshold, missing: next.threshold - standing } } : {}),
  };
}
