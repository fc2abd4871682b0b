import type { Address, Hex } from "viem";

/** What scripts and relays read to find a network's contracts: deployments/<network>.json. */
export interface Deployment {
  name: string;
  chainId: number;
  /** No event of the contracts is older than this block. */
  fromBlock: number;
  contracts: {
    skm: Address;
    membership: Address;
    identityRegistry: Address;
    relayRegistry: Address;
    sessionAnchor: Address;
    usageFees: Address;
    /** Their escrows are clones of a contract that nobody has to know. */
    agreements: Address;
    redPackets: Address;
    jobBoard: Address;
    operatorRewards: Address;
  };
  /** TimelockController that governs tiers, credit, fees, minimum stake and rewards. */
  governor: Address;
  /** Who sealed the block `validatorsAt`, or else the first one. Absent on a chain whose blocks have no seals. */
  validators?: readonly Address[];
  validatorsAt?: { number: number; hash?: Hex };
  /** Seconds that a block takes where none is late, as named when the rewards were deployed; their periods are counted by it. Absent: one. */
  blockSeconds?: number;
}

/** One named share of the supply; see ISKM.Bucket. */
export interface BucketParameters {
  name: string;
  /** In whole SKM. All buckets add up to the cap of 1,000,000,000. */
  cap: bigint;
  /** Seconds after deployment at which the release begins. */
  startsAfter: number;
  /** Seconds until all of it is released. */
  duration: number;
}

export interface TierParameters {
  name: string;
  /** In whole SKM. */
  threshold: bigint;
  entitlements: {
    conferenceSize: number;
    conferenceMinutes: number;
    fileBytes: bigint;
    storageDays: number;
    storageBytes: bigint;
    records: boolean;
    video: boolean;
  };
}

export interface FeeParameters {
  /** As the contract has it: ASCII, at most 31 characters. */
  feature: string;
  /** In whole SKM, of one unit. */
  price: bigint;
}

export interface RewardParameters {
  /** In whole SKM: most that all operators of a kind are paid in a period. */
  total: bigint;
  /** In whole SKM: most that one of them is. */
  each: bigint;
}

/** Everything a constructor wants to know. Durations in seconds, amounts in whole SKM. */
export interface Parameters {
  buckets: readonly BucketParameters[];
  holdingWindow: number;
  tiers: readonly TierParameters[];
  startingCredit: bigint;
  fees: readonly FeeParameters[];
  recoveryDelay: number;
  nameCooldown: number;
  minimumStake: bigint;
  unbondingDelay: number;
  governorDelay: number;
  rewards: {
    /** The bucket that they are emitted from. */
    bucket: string;
    period: number;
    /** In whole SKM: most that a cap may ever be. */
    maximum: bigint;
    validators: RewardParameters;
    relays: RewardParameters;
  };
}

/** SKM handed out of the genesis bucket while the contracts are deployed. */
export interface Grant {
  to: Address;
  /** In whole SKM. */
  amount: bigint;
}
