import { pauseFor } from "../../client/pauseFor.ts";
import { throwIfAborted } from "../../errors/index.ts";
import type { Chain } from "../chain.ts";
import { onePerOperator } from "../quorum.ts";
import { readBounded } from "../readBounded.ts";
import type { RpcEndpoint } from "../types.ts";
import { noFindings, note } from "../verified/findings.ts";
import { knownOf } from "../verified/known.ts";
import { leave } from "../verified/provenState.ts";

/** Parts of the registry's state at relays, each by its hash: docs/protocol.md, Shards of the registry. */

/** For one part from one relay, in milliseconds. */
const timeout = 8_000;
const mostRelays = 8;
/** Until those that had too many questions are asked again, in milliseconds. */
const busyFor = 1_000;
/** For one read in whole, so that nobody makes a phone load without end. */
const mostBytes = 32 * 1024 * 1024;

/**
 * One part from the first relay that has it; undefined where none has, or as much was read as may be.
 * @param path behind `/shards/`
 * @param most bytes it may have
 * @param open throws CHAIN_UNPROVEN for what is not the part
 * @throws SkrumbleError ABORTED
 */
export type GetPart = <part>(
  path: string,
  most: number,
  open: (bytes: Uint8Array) => part,
) => Promise<part | undefined>;

/**
 * Asks relays of different operators in turn, so that what is asked for at once comes from several. One that had nothing, or something
 * else, is asked last from then on; one that gave something else is left as for proofs once another gave the part.
 */
export async function createParts(chain: Chain, signal: AbortSignal): Promise<GetPart> {
  const known = await knownOf(chain);
  const usable = onePerOperator(chain.rpc).filter(({ operator }) => !known.isLeft(operator));
  const relays = usable.slice(0, mostRelays).map((endpoint) => ({ endpoint, failures: 0 }));
  let asked = 0;
  let left = mostBytes;

  return async (path, most, open) => {
    const first = asked++ % Math.max(relays.length, 1);
    const inTurn = [...relays.slice(first), ...relays.slice(0, first)];
    const findings = noFindings();
    for (;;) {
      let isBusy = false;
      for (const relay of inTurn.toSorted((one, other) => one.failures - other.failures)) {
        if (left <= 0) return undefined;
        try {
          const bytes = await ask(chain, relay.endpoint, path, Math.min(most, left), signal);
          isBusy ||= !bytes;
          if (!bytes) continue;
          left -= bytes.length;
          const part = open(bytes);
          leave(chain, known, findings);
          return part;
        } catch (error) {
          throwIfAborted(signal);
          relay.failures++;
          note(findings, relay.endpoint, error);
        }
      }
      if (!isBusy) return undefined;
      await pauseFor(signal, busyFor);
      throwIfAborted(signal);
    }
  };
}

/** Undefined where this client has asked for too much within a moment. Throws anything at all where a relay has no such part. */
async function ask(
  chain: Chain,
  { url }: RpcEndpoint,
  path: string,
  most: number,
  signal: AbortSignal,
): Promise<Uint8Array | undefined> {
  const run = chain.fetch ?? fetch;
  const response = await run(`${url.replace(/\/rpc\/?$/, "")}/shards/${path}`, {
    ...{ signal: AbortSignal.any([signal, AbortSignal.timeout(timeout)]) },
    ...{ credentials: "omit", referrerPolicy: "no-referrer" },
  });
  if (response.status === 429) return undefined;
  const bytes = response.ok ? await readBounded(response, most) : undefined;
  if (!bytes) throw new Error(`no such part (HTTP ${response.status})`);
  return bytes;
}
