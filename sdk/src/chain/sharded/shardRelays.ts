import * as z from "zod";
import { throwIfAborted } from "../../errors/index.ts";
import type { Chain } from "../chain.ts";
import { onePerOperator } from "../quorum.ts";
import type { RpcEndpoint } from "../types.ts";
import { knownOf } from "../verified/known.ts";
import { askRelay } from "./askRelay.ts";

/** Most relays give out no shards: each is asked once, with one small request, before anything is read for shards. */

const mostRelays = 8;
const question = { path: "latest", most: 256, timeout: 3_000 };
const schema = z.object({ block: z.number().int().nonnegative() });

/** By address, for as long as the program runs; who did not answer, or has nothing yet, is asked again the next time. */
const answers = new WeakMap<Chain, Map<string, boolean>>();

function answersOf(chain: Chain): Map<string, boolean> {
  const all = answers.get(chain) ?? new Map<string, boolean>();
  answers.set(chain, all);
  return all;
}

/** Relays of different operators that say that they give out shards, at most 8. @throws SkrumbleError ABORTED */
export async function findShardRelays(chain: Chain, signal: AbortSignal): Promise<RpcEndpoint[]> {
  const known = await knownOf(chain);
  const said = answersOf(chain);
  const usable = onePerOperator(chain.rpc)
    .filter(({ url, operator }) => !known.isLeft(operator) && said.get(url) !== false)
    .slice(0, mostRelays);
  const has = await Promise.all(usable.map(async (relay) => said.get(relay.url) ?? (await ask(chain, relay, signal))));
  throwIfAborted(signal);
  return usable.filter((_, at) => has[at]);
}

/** It does not give what it names, or something else: not asked for shards again while the program runs. */
export const forgetShardRelay = (chain: Chain, { url }: RpcEndpoint): void => void answersOf(chain).set(url, false);

async function ask(chain: Chain, relay: RpcEndpoint, signal: AbortSignal): Promise<boolean> {
  const answer = await askRelay(chain, relay, question, signal).catch(() => undefined);
  const block = answer?.bytes && blockIn(answer.bytes);
  // Relays without shards name no block (earlier ones answer 404); whatever answers with a page of its own gives out none either.
  const isSaid = block === undefined ? answer?.status === 404 || answer?.status === 200 : block > 0;
  if (isSaid) answersOf(chain).set(relay.url, block !== undefined);
  return block !== undefined && block > 0;
}

function blockIn(bytes: Uint8Array): number | undefined {
  try {
    return schema.safeParse(JSON.parse(new TextDecoder().decode(bytes))).data?.block;
  } catch {
    return undefined;
  }
}
