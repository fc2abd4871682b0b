import { pauseFor } from "../../client/pauseFor.ts";
import { throwIfAborted } from "../../errors/index.ts";
import type { Chain } from "../chain.ts";
import type { RpcEndpoint } from "../types.ts";
import { noFindings, note } from "../verified/findings.ts";
import { knownOf } from "../verified/known.ts";
import { leave } from "../verified/provenState.ts";
import { askRelay, type RelayAnswer } from "./askRelay.ts";
import { forgetShardRelay } from "./shardRelays.ts";

/** Parts of the registry's state at relays, each by its hash: docs/protocol.md, Shards of the registry. */

/** For one part from one relay, in milliseconds. */
const timeout = 6_000;
/** Whoever takes longer is asked after the others from then on, in milliseconds. */
const slow = 2_000;
/** So many parts that one had not, with none that it had between them, and it is not asked any more. */
const mostFailures = 3;
/** Those that had too many questions are asked again after a while, in milliseconds, and not without end. */
const busy = { wait: 1_000, rounds: 10 };

interface Relay {
  endpoint: RpcEndpoint;
  failures: number;
  isSlow: boolean;
}

export interface PartRequest<Part> {
  /** Behind `/shards/`. */
  path: string;
  /** Bytes that it may have. */
  most: number;
  /** Throws CHAIN_UNPROVEN for what is not the part. */
  open: (bytes: Uint8Array) => Part;
  /** Whose word it is that there is this part: asked before all others but the one whose turn it is. */
  namedBy?: RpcEndpoint;
}

/**
 * One part, and which relay gave it; undefined where none does, or as much was read as may be.
 * @throws SkrumbleError ABORTED
 */
export type GetPart = <Part>(request: PartRequest<Part>) => Promise<{ part: Part; from: RpcEndpoint } | undefined>;

/**
 * Asks relays in turn, so that what is asked for at once comes from several. One that had nothing, or was slow, is asked last from then on;
 * one that gave something else is not asked for shards again, and left as for proofs once another one gave the part.
 * @param mostBytes of all answers together
 */
export async function createParts(
  chain: Chain,
  endpoints: readonly RpcEndpoint[],
  mostBytes: number,
  signal: AbortSignal,
): Promise<GetPart> {
  const known = await knownOf(chain);
  const relays: Relay[] = endpoints.map((endpoint) => ({ endpoint, failures: 0, isSlow: false }));
  let asked = 0;
  let left = mostBytes;
  // Each piece as it comes: many answers are under way at once.
  const onBytes = (bytes: number) => {
    left -= bytes;
    if (left < 0) throw new Error("as much was read as may be");
  };

  function inOrder(namedBy?: RpcEndpoint): Relay[] {
    const first = asked++ % Math.max(relays.length, 1);
    const rank = ({ failures, isSlow }: Relay) => failures + (isSlow ? mostFailures : 0);
    const inTurn = [...relays.slice(first), ...relays.slice(0, first)].toSorted((a, b) => rank(a) - rank(b));
    const namer = inTurn.findIndex(({ endpoint }, at) => at > 1 && endpoint === namedBy);
    if (namer > 0) inTurn.splice(1, 0, ...inTurn.splice(namer, 1));
    return inTurn;
  }

  async function ask(relay: Relay, path: string, most: number): Promise<RelayAnswer> {
    // While it is waited for: others are asked for what comes next.
    const mark = setTimeout(() => {
      relay.isSlow = true;
    }, slow);
    return askRelay(chain, relay.endpoint, { path, most, timeout, onBytes }, signal).finally(() => clearTimeout(mark));
  }

  function giveUp(relay: Relay): void {
    relay.failures = mostFailures;
    forgetShardRelay(chain, relay.endpoint);
  }

  return async ({ path, most, open, namedBy }) => {
    const findings = noFindings();
    let waiting = inOrder(namedBy);
    for (let round = 0; waiting.length > 0 && round < busy.rounds; round++) {
      if (round > 0) await pauseFor(signal, busy.wait);
      throwIfAborted(signal);
      const refused: Relay[] = [];
      for (const relay of waiting) {
        if (left <= 0) return undefined;
        if (relay.failures >= mostFailures) continue;
        try {
          const { status, bytes } = await ask(relay, path, most);
          // One that gave something else meanwhile is not worth the work of another look.
          if (relay.failures >= mostFailures) continue;
          if (status === 429) {
            refused.push(relay);
            continue;
          }
          if (bytes) {
            const part = open(bytes);
            relay.failures = 0;
            leave(chain, known, findings);
            return { part, from: relay.endpoint };
          }
          relay.failures++;
          // Again and again nothing of what it named itself.
          if (relay.failures >= mostFailures && relay.endpoint === namedBy) giveUp(relay);
        } catch (error) {
          throwIfAborted(signal);
          relay.failures++;
          note(findings, relay.endpoint, error);
          if (findings.liars.has(relay.endpoint.url)) giveUp(relay);
        }
      }
      waiting = refused;
    }
    return undefined;
  };
}
