import type { Address, Hex } from "../../sdk/src/types/primitives.ts";

/** Operations under way at any time. */
export const WIDTH = 50;
export const JOINS = 100;
export const PAYMENTS = 200;
/** A packet has so many shares at most. */
export const SHARES = 100;
export const PACKETS = 2;
export const TRANSFERS = 200;

export const OPERATIONS = ["join", "payment", "claim"] as const;
export type Operation = (typeof OPERATIONS)[number];

/** What the client process is told. */
export interface Plan {
  /** Base URLs. */
  relays: string[];
  /** The node itself. */
  rpcUrl: string;
  runs: number;
  /** Wallet of whoever pays and gives packets. */
  hostKey: Hex;
  /** Each has SKM for the raw transfers; as many as `WIDTH`. */
  senderKeys: Hex[];
  token: Address;
}

export interface Measured {
  perSecond: number;
  /** Per operation. */
  requests: number;
  /** Milliseconds per operation, by what they go to. */
  cpu: { whole: number; signing: number; encoding: number; requests: number };
}

/** One run. */
export interface Run {
  operations: Record<Operation, Measured>;
  /** CPU milliseconds with the signature, which is made before the clock starts. */
  raw: { perSecond: number; cpuMs: number };
  /** CPU milliseconds of stretching one security code. */
  argon2Ms: number;
  /** Milliseconds of one person's whole `join` with nothing else running, and CPU milliseconds. */
  client: { ms: number; cpuMs: number };
}
