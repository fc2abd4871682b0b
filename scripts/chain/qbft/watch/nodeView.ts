import type { Address, Hex } from "viem";
import type { QbftNode } from "../network.ts";

export interface BlockView {
  number: number;
  hash: Hex;
  /** Seconds since 1970. */
  timestamp: number;
  /** Round it was agreed on in; undefined on a chain without QBFT. */
  round: number | undefined;
  /** Who proposed it, and who could; undefined on a chain without QBFT. */
  proposer: Address | undefined;
  validators: Address[] | undefined;
}

/** What a node says about itself; what it does not know (or does not tell) is undefined. */
export interface NodeView {
  node: QbftNode;
  alive: boolean;
  genesisHash?: Hex | undefined;
  chainId?: number | undefined;
  /** Newest first; the first is the head. */
  blocks: BlockView[];
  peers?: number | undefined;
  /** Wei. */
  gasPrice?: bigint | undefined;
  tip?: bigint | undefined;
  validators?: Address[] | undefined;
  pool?: number | undefined;
  /** API groups it answers for whoever reaches its port. */
  modules?: string[] | undefined;
  /** Addresses of this machine, other than the loopback's, under which its RPC answers. */
  openAt: string[];
  /** Whether it answers requests for any host name: then every website a person opens can reach it (DNS rebinding). */
  anyHost: boolean;
}
