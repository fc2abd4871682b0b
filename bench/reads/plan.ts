import { type Address, type Hex, keccak256, stringToHex } from "viem";

/** What the two processes have to agree on. */

export const RELAYS = 3;
/** The contacts of the client that starts. */
export const CONTACTS = 50;
/** A registration every ten blocks: 1,000 in what a relay gives events of at once. */
export const BLOCKS_PER_NAME = 10;
export const REGISTRY: Address = `0x${"11".repeat(20)}`;

export const nameOf = (id: number): string => `person${id}`;
/** The block before the next period begins: shards are as old as they get. */
export const headOf = (names: number): number => Math.ceil((names * BLOCKS_PER_NAME + 1) / 256) * 256 + 255;

export const topics = [
  "Registered(uint64,address,bytes32,string)",
  "Renamed(uint64,bytes32,bytes32,string)",
  "KeysChanged(uint64,bytes32,uint32,bytes32,address)",
  "DevicesChanged(uint64,uint32,bytes32,bytes32[])",
  "Revoked(uint64)",
  "OwnerChanged(uint64,address,address)",
].map((event): Hex => keccak256(stringToHex(event)));
