import type { Address } from "./primitives.ts";

/** A chain's own coin. */
export interface Coin {
  name: string;
  symbol: string;
  decimals: number;
}

/**
 * Further EVM chain that a program lets people pay on. It is part of the program, like the code itself: no relay can add one.
 *
 * @example
 * const polygon: FurtherChain = {
 *   chainId: 137,
 *   name: "Polygon",
 *   coin: { name: "POL", symbol: "POL", decimals: 18 },
 *   rpc: [{ url: "https://polygon.one.example" }, { url: "https://polygon.two.example" }],
 *   finality: "finalized",
 * };
 */
export interface FurtherChain {
  /** EIP-155. */
  chainId: number;
  /** Shown to people; at most 32 characters. */
  name: string;
  coin: Coin;
  /**
   * JSON-RPC of 1 to 8 nodes: https, or http on this machine. Two operators have to agree where two are named; with one, its word has
   * to do. `operator`: who runs it; by default the host of the address.
   */
  rpc: readonly { url: string; operator?: string }[];
  /** Web page of a block explorer, https. */
  explorer?: string;
  /**
   * When a block counts as final: at once (PBFT), when nodes call it `finalized`, or with so many blocks after it (1 to 10,000).
   */
  finality: "instant" | "finalized" | { confirmations: number };
  /** ERC-20 tokens that count as known, at most 64. */
  tokens?: readonly (Coin & { token: Address })[];
}

/** A chain that can be paid on. */
export interface PayableChain {
  chainId: number;
  name: string;
  /** The network's own: identities, SKM, red packets and agreements live there. */
  home: boolean;
  explorer?: string;
}

/**
 * How far names, SKM and the list of relays, as relays tell them, are proven: `proven` by the seals of the chain's validators, at a block that two operators know;
 * by seals, and perhaps old, as only `one-operator` is known; or not at all, because `few-validators` are named (under four) or the chain
 * has `no-seals`: operators have to agree then.
 */
export type Provenance = "proven" | "one-operator" | "few-validators" | "no-seals";
