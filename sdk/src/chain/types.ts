import type { RelayInfo } from "../relay/types.ts";
import type { FurtherChain } from "../types/chains.ts";
import type { Address, Hex, PublicId } from "../types/primitives.ts";

/** An asset that a network lists. The zero address is the chain's own coin. */
export interface ListedAsset {
  /** Lower case. */
  token: Address;
  symbol: string;
  name: string;
  decimals: number;
}

/** What a client has to know of a network. Every relay tells it at /network.json. */
export interface NetworkInfo {
  chainId: number;
  name: string;
  contracts: {
    skm: Address;
    membership: Address;
    identityRegistry: Address;
    relayRegistry: Address;
    sessionAnchor: Address;
    usageFees: Address;
    agreements: Address;
    redPackets: Address;
    jobBoard: Address;
  };
  /** What a network lists beside SKM. One relay's word: see money/assetList.ts. */
  assets?: readonly ListedAsset[];
  /**
   * Who sealed the first block of a QBFT chain, or the one in `validatorsAt`, lower case: names, balances and the list of relays are proven against them, if
   * they are four at least. Absent on a chain without seals.
   */
  validators?: readonly Address[];
  /** Where these were the validators, when not at the first block: nobody has to follow them from there. */
  validatorsAt?: ValidatorsAt;
}

/** A block. Its hash, where given, is checked. */
export interface ValidatorsAt {
  number: number;
  /** Lower case. */
  hash?: Hex;
}

/** What the program says of a chain that is not the network's own. */
export interface FurtherFacts {
  coin: ListedAsset;
  tokens: readonly ListedAsset[];
  explorer?: string;
  finality: FurtherChain["finality"];
}

/** A relay, or a node of another chain, that answers questions about the chain. */
export interface RpcEndpoint {
  /** JSON-RPC over POST. */
  url: string;
  /** Who runs it: answers of one operator count once. */
  operator: string;
}

/** An active relay and who runs it. */
export interface DirectoryRelay extends RelayInfo {
  operator: Address;
}

/** By pseudonym in normal form, by public ID (also an old one), by owner wallet, or by number. */
export type IdentityQuery = { name: string } | { publicId: PublicId } | { owner: Address } | { id: bigint };

/** An entry of the identity registry. */
export interface IdentityRecord {
  id: bigint;
  owner: Address;
  keyVersion: number;
  revoked: boolean;
  controller: Address;
  /** Block with the DevicesChanged event of the present device list. */
  devicesBlock: bigint;
  publicId: PublicId;
  agreementKey: Hex;
  deviceRoot: Hex;
  saltName: Hex;
  name: string;
}

/** What one of many queries found, and as of when. */
export interface ShardedIdentity {
  /** Undefined: there is none, or none whose name is in normal form. */
  record: IdentityRecord | undefined;
  /** The block after which the registry had it so, up to 512 before the newest. Absent where it was read at the newest block. */
  block?: bigint;
}
