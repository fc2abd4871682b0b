import { type Address, parseEther, stringToHex } from "viem";
import type { ContractFile } from "./artifacts.ts";
import type { Parameters } from "./types.ts";

interface Context {
  parameters: Parameters;
  governors?: readonly Address[];
  /** Ascending. */
  attesters?: readonly Address[];
  deployer: Address;
  /** Where the contract that comes after this one will be. */
  following: Address;
  /** Unix seconds of the chain. */
  now: number;
}

/** The arguments of each constructor; `deployed` holds those that come before it. */
export function constructorArguments(
  name: ContractFile,
  deployed: Partial<Record<ContractFile, Address>>,
  { parameters, governors, attesters = [], deployer, following, now }: Context,
): readonly unknown[] {
  const at = (other: ContractFile): Address => {
    const address = deployed[other];
    if (!address) throw new Error(`${name} needs ${other} first`);
    return address;
  };
  switch (name) {
    case "TimelockController": {
      const members = governors && governors.length > 0 ? governors : [deployer];
      // No administrator (zero address): from the first block on only the timelock itself changes its roles.
      return [BigInt(parameters.governorDelay), members, members, "0x0000000000000000000000000000000000000000"];
    }
    case "SKM":
      return [
        parameters.buckets.map((bucket, index) => ({
          name: stringToHex(bucket.name, { size: 32 }),
          // The deployer hands the grants out of the first bucket, then gives it to the timelock as well, and that of the
          // rewards to the contract that pays them.
          controller: index === 0 || bucket.name === parameters.rewards.bucket ? deployer : at("TimelockController"),
          start: now + bucket.startsAfter,
          duration: bucket.duration,
          cap: parseEther(String(bucket.cap)),
          emitted: 0n,
        })),
        parameters.holdingWindow,
      ];
    case "IdentityRegistry":
      return [BigInt(parameters.recoveryDelay), BigInt(parameters.nameCooldown)];
    case "Membership":
      return [
        at("SKM"),
        at("IdentityRegistry"),
        at("TimelockController"),
        parameters.tiers.map((tier) => ({ ...tier, threshold: parseEther(String(tier.threshold)) })),
        parseEther(String(parameters.startingCredit)),
        // They need each other: the fees come next, and may use credit from the beginning.
        [following],
      ];
    case "UsageFees":
      return [
        at("SKM"),
        at("Membership"),
        at("TimelockController"),
        parameters.fees.map(({ feature, price }) => ({
          feature: stringToHex(feature, { size: 32 }),
          price: parseEther(String(price)),
        })),
      ];
    case "RelayRegistry":
      return [
        at("SKM"),
        at("TimelockController"),
        parseEther(String(parameters.minimumStake)),
        BigInt(parameters.unbondingDelay),
      ];
    case "SessionAnchor":
      return [at("RelayRegistry")];
    case "Escrow":
      return [];
    case "Agreements":
      return [at("Escrow")];
    case "RedPackets":
      return [at("IdentityRegistry")];
    case "JobBoard":
      return [at("IdentityRegistry"), at("Agreements")];
    case "OperatorRewards": {
      const { bucket, period, maximum, validators, relays } = parameters.rewards;
      return [
        at("SKM"),
        parameters.buckets.findIndex(({ name }) => name === bucket),
        at("TimelockController"),
        BigInt(period),
        parseEther(String(maximum)),
        [validators, relays].map(({ total, each }) => ({
          total: parseEther(String(total)),
          each: parseEther(String(each)),
        })),
        attesters,
      ];
    }
  }
}
