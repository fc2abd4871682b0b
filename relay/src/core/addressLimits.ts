import type { Clock } from "./ports.ts";
import { createTokenBucket, type Rate, type TokenBucket } from "./tokenBucket.ts";

/** What all connections from one address share. */
export interface Allowance {
  readonly frames: TokenBucket;
  readonly bytes: TokenBucket;
  /** New connections. */
  readonly connects: TokenBucket;
}

export interface AddressRates {
  frames: Rate;
  bytes: Rate;
  connects: Rate;
}

/** Above this the address that connected longest ago is forgotten; its open connections keep what they had. */
const REMEMBERED = 50_000;

/** Addresses live in memory only and for the limits only. */
export function createAddressLimits(clock: Clock, rates: AddressRates) {
  const byAddress = new Map<string, Allowance>();
  return {
    rates,
    /** To be asked once for each new connection. */
    of(address: string): Allowance {
      const now = clock.now();
      let allowance = byAddress.get(address);
      if (allowance) byAddress.delete(address);
      else {
        if (byAddress.size >= REMEMBERED) byAddress.delete(byAddress.keys().next().value as string);
        allowance = {
          frames: createTokenBucket(rates.frames, now),
          bytes: createTokenBucket(rates.bytes, now),
          connects: createTokenBucket(rates.connects, now),
        };
      }
      byAddress.set(address, allowance);
      return allowance;
    },
  };
}

export type AddressLimits = ReturnType<typeof createAddressLimits>;
