import { type Address, type Hex, isAddress, isHex } from "viem";
import { readExtraData } from "../extraData.ts";
import type { BlockView } from "./nodeView.ts";

/** A JSON-RPC quantity. */
export function quantity(value: unknown): bigint {
  if (typeof value !== "string" || !/^0x[0-9a-f]{1,64}$/i.test(value)) throw new Error("not a quantity");
  return BigInt(value);
}

export function safeNumber(value: unknown): number {
  const number = Number(quantity(value));
  if (!Number.isSafeInteger(number)) throw new Error("too large a quantity");
  return number;
}

export function block(value: unknown): BlockView {
  const { number, hash, timestamp, extraData, miner } = record(value);
  if (!isHex(hash) || hash.length !== 66) throw new Error("not a block");
  const extra = isHex(extraData) ? readExtraData(extraData) : undefined;
  return {
    number: safeNumber(number),
    hash: hash as Hex,
    timestamp: safeNumber(timestamp),
    round: extra?.round,
    // QBFT's headers name the proposer as their beneficiary.
    proposer: extra && address(miner),
    validators: extra?.validators,
  };
}

export function addresses(value: unknown): Address[] {
  if (!Array.isArray(value) || value.length > 1_000) throw new Error("not a list of addresses");
  return value.map(address);
}

/** What `txpool_besuStatistics` answers, as one count. */
export function poolSize(value: unknown): number {
  const { localCount, remoteCount } = record(value);
  const sum = Number(localCount) + Number(remoteCount);
  if (!Number.isSafeInteger(sum)) throw new Error("not a pool's statistics");
  return sum;
}

/** Names of the groups that `rpc_modules` lists, in capitals. */
export const modules = (value: unknown): string[] =>
  Object.keys(record(value))
    .slice(0, 100)
    .map((name) => name.toUpperCase());

/** Of a node that is somebody else's: nothing in it may move the terminal. */
export function clientVersion(value: unknown): string {
  if (typeof value !== "string" || !/^[\x21-\x7e]{1,120}$/.test(value)) throw new Error("not a client's version");
  return value;
}

function address(value: unknown): Address {
  if (typeof value !== "string" || !isAddress(value, { strict: false })) throw new Error("not an address");
  return value.toLowerCase() as Address;
}

function record(value: unknown): Record<string, unknown> {
  if (typeof value !== "object" || value === null) throw new Error("not an object");
  return value as Record<string, unknown>;
}
