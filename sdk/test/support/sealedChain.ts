import type { Hex } from "viem";
import { type Chain, type Checkpoints, createChain } from "../../src/chain/chain.ts";
import type { NetworkInfo } from "../../src/chain/types.ts";
import { contractsAt } from "./contracts.ts";
import { rpcAnswer } from "./rpcAnswer.ts";
import { emptyBlock, sealBlock, type Validator, validators } from "./sealedBlocks.ts";

type Json = Record<string, unknown>;

/** One relay, and what it says: which block is the newest, and what becomes of an answer. */
export interface FakeRelay {
  /** Absent: it is silent. */
  head?: number;
  /** Else each has one of its own. */
  operator?: string;
  lie?: (method: string, result: Json | null, params: readonly unknown[]) => unknown;
}

export const genesis = validators(4);
export const addressesOf = (set: readonly Validator[]) => set.map(({ address }) => address);

/** Validators by the block from which on they are. */
export type Changes = Record<number, readonly Validator[]>;

/**
 * A QBFT chain without anything in its state, which several relays show: all words are proven to be 0. `asked` has relay, method
 * and block of every question.
 */
export function sealedChain(
  relays: FakeRelay[],
  options: { changes?: Changes; network?: Partial<NetworkInfo>; checkpoints?: Checkpoints } = {},
): { asked: string[]; chain: Chain } {
  const asked: string[] = [];
  const answer = async (relay: FakeRelay, method: string, params: readonly unknown[]): Promise<Json | null | Hex> => {
    if (method === "eth_getProof") return { accountProof: [], storageProof: [{ value: "0x0", proof: [] }] };
    if (method === "eth_call") return `0x${"00".repeat(31)}07`;
    const number = params[0] === "latest" ? (relay.head ?? 0) : Number(params[0]);
    return number > (relay.head ?? 0) ? null : blockOf(number, options.changes ?? {});
  };
  const fetching: typeof fetch = async (input, init) => {
    const at = Number(new URL(String(input)).hostname.match(/\d+/)?.[0]);
    const relay = relays[at] as FakeRelay;
    const { method, params } = JSON.parse(String(init?.body)) as { method: string; params: unknown[] };
    asked.push([at, method, params[method === "eth_getProof" ? 2 : 0]].join(" "));
    if (relay.head === undefined) throw new TypeError("fetch failed");
    const result = await answer(relay, method, params);
    const said = relay.lie ? await relay.lie(method, result as Json | null, params) : result;
    return rpcAnswer(init, { result: said });
  };
  const endpoints = () =>
    relays.map(({ operator }, at) => ({ url: `http://relay${at}.test/rpc`, operator: operator ?? `operator ${at}` }));
  const network: NetworkInfo = {
    ...{ chainId: 7586, name: "test", contracts: contractsAt(`0x${"11".repeat(20)}`) },
    ...{ validators: addressesOf(genesis), ...options.network },
  };
  const { checkpoints } = options;
  return {
    asked,
    chain: createChain(network, { endpoints, fetch: fetching, ...(checkpoints ? { checkpoints } : {}) }),
  };
}

const sealed = new Map<string, Promise<Json>>();

/** Signing takes a while: the same block is sealed once. */
export function blockOf(number: number, changes: Changes = {}): Promise<Json> {
  const from = Object.keys(changes)
    .map(Number)
    .filter((at) => at <= number);
  const set = (from.length > 0 && changes[Math.max(...from)]) || genesis;
  const key = `${number} ${addressesOf(set)}`;
  const block = sealed.get(key) ?? sealBlock(emptyBlock(number), { set });
  sealed.set(key, block);
  return block;
}
