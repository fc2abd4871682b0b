import type { Hex } from "viem";
import { codeOf, SkrumbleError, throwIfAborted } from "../../errors/index.ts";
import type { Address } from "../../types/primitives.ts";
import type { RpcEndpoint } from "../types.ts";
import { type Findings, note } from "./findings.ts";

/** As many slots as a relay takes in one question (docs/protocol.md). */
const partSize = 16;
const atOnce = 8;
/** A long list takes more of one relay's rate than there is at once: so many relays share it, and each is asked again after a while. */
const mostRelays = 8;
const cycles = 4;

/** Proven words of a contract's storage after one block. @throws SkrumbleError CHAIN_UNPROVEN, and what the relay throws */
type Ask = (endpoint: RpcEndpoint, address: Address, slots: readonly Hex[]) => Promise<bigint[]>;

/**
 * Reads any number of words after one block: in parts, each of another relay, for they all prove the same. One that lies is asked no more, one
 * that gives no answer after the others. What was proven once is not asked for again. The function throws SkrumbleError CHAIN_UNREACHABLE for
 * whatever reason there is, which the findings have, and ABORTED.
 */
export function spreadWords(
  ask: Ask,
  endpoints: readonly RpcEndpoint[],
  findings: Findings,
  signal: AbortSignal,
): (address: Address, slots: readonly Hex[]) => Promise<bigint[]> {
  const proven = new Map<string, bigint>();
  const silent = new Set<RpcEndpoint>();
  let turn = 0;

  function inTurn(): RpcEndpoint[] {
    const honest = endpoints.filter(({ url }) => !findings.liars.has(url));
    const live = honest.filter((one) => !silent.has(one)).slice(0, mostRelays);
    const first = live.length > 0 ? turn++ % live.length : 0;
    const late = honest.filter((one) => silent.has(one));
    return [...live.slice(first), ...live.slice(0, first), ...late].slice(0, mostRelays);
  }

  async function readPart(address: Address, slots: readonly Hex[]): Promise<bigint[]> {
    let cause: unknown;
    for (let cycle = 0; cycle < cycles; cycle++) {
      const relays = inTurn();
      if (relays.length === 0) break;
      if (cycle > 0) await new Promise((resolve) => setTimeout(resolve, 400 * cycle));
      for (const endpoint of relays) {
        try {
          return await ask(endpoint, address, slots);
        } catch (error) {
          throwIfAborted(signal);
          note(findings, endpoint, error);
          if (codeOf(error) !== "CHAIN_UNPROVEN") silent.add(endpoint);
          cause = error;
        }
      }
    }
    throw new SkrumbleError("CHAIN_UNREACHABLE", { cause });
  }

  return async (address, slots) => {
    const keyOf = (slot: Hex) => `${address} ${slot}`;
    const missing = [...new Set(slots)].filter((slot) => !proven.has(keyOf(slot)));
    const parts: Hex[][] = [];
    for (let at = 0; at < missing.length; at += partSize) parts.push(missing.slice(at, at + partSize));
    async function readParts(): Promise<void> {
      for (let part = parts.shift(); part; part = parts.shift()) {
        const words = await readPart(address, part).catch((error) => {
          // A part that nobody proves ends the others.
          parts.length = 0;
          throw error;
        });
        for (const [at, slot] of part.entries()) proven.set(keyOf(slot), words[at] as bigint);
      }
    }
    await Promise.all(Array.from({ length: Math.min(atOnce, parts.length) }, readParts));
    return slots.map((slot) => proven.get(keyOf(slot)) as bigint);
  };
}
