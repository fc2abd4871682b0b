import { backupRoom } from "../../devices/relayBackup/room.ts";
import { SkrumbleError } from "../../errors/index.ts";
import { membershipAbi } from "../../generated/index.ts";
import type { BackupRoom, Entitlements, HigherTier } from "../../types/client.ts";
import type { Address } from "../../types/primitives.ts";
import { type Chain, type ReadOptions, readContract } from "../chain.ts";

/** Where a wallet stands in the table of tiers. */
export interface Standing {
  tier: number;
  name: string;
  entitlements: Entitlements;
  backup: BackupRoom;
  /** Those above, lowest first. */
  higherTiers: HigherTier[];
}

/** The tier as IMembership.tierOf finds it, with what is missing for each above. @throws what {@link readContract} throws, CHAIN_REJECTED for a table without a first tier */
export async function readStanding(chain: Chain, wallet: Address, options: ReadOptions = {}): Promise<Standing> {
  const membership = { address: chain.network.contracts.membership, abi: membershipAbi };
  const [tiers, standing] = await Promise.all([
    readContract(chain, { ...membership, functionName: "tiers", args: [] }, options),
    readContract(chain, { ...membership, functionName: "standingOf", args: [wallet] }, options),
  ]);
  const tier = tiers.findLastIndex(({ threshold }) => threshold <= standing);
  const current = tiers[tier];
  // The contract always has a tier that begins at nothing.
  if (!current) throw new SkrumbleError("CHAIN_REJECTED", { details: "No tier for this standing." });
  return {
    tier,
    name: current.name,
    entitlements: { ...current.entitlements },
    backup: backupRoom(current.entitlements),
    higherTiers: tiers.slice(tier + 1).map(({ name, threshold, entitlements }) => ({
      ...{ name, threshold, missing: threshold - standing },
      ...{ entitlements: { ...entitlements }, backup: backupRoom(entitlements) },
    })),
  };
}
