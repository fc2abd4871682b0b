import { type Hex, keccak256, numberToHex, toHex, toRlp } from "viem";
import { type Chain, createChain } from "../../src/chain/chain.ts";
import { cutShards } from "../../src/chain/shards/cutShards.ts";
import { encodeManifest, manifestRoot } from "../../src/chain/shards/manifest.ts";
import { encodeShard } from "../../src/chain/shards/shard.ts";
import type { Address } from "../../src/types/primitives.ts";
import { contractsAt } from "./contracts.ts";
import { plainTrie } from "./plainTrie.ts";
import { leavesOf } from "./registryStorage.ts";
import { rpcAnswer } from "./rpcAnswer.ts";
import { emptyBlock, sealBlock, type Validator, validators } from "./sealedBlocks.ts";

type Json = Record<string, unknown>;

/** What a relay does other than the right thing. */
export interface ShardRelay {
  /** Whether it gives out shards: what it answers with to that; that of the last period, unless given. Null: it answers 404 to everything. */
  latest?: (() => BodyInit | Response) | null;
  /** What becomes of a part; undefined: 404. */
  part?: (bytes: Uint8Array<ArrayBuffer>, path: string) => BodyInit | Response | undefined;
  /** Parts of a state that never was. */
  made?: ReadonlyMap<string, Uint8Array>;
  /** What becomes of an answer to JSON-RPC; also a whole response. */
  lie?: (method: string, result: Json, params: readonly unknown[]) => unknown;
}

const registry: Address = `0x${"11".repeat(20)}`;
const genesis = validators(4);

/** The trie of all accounts where the registry is the only one. */
export const accountsWith = (storageRoot: Hex) =>
  plainTrie(new Map([[keccak256(registry), toRlp(["0x01", "0x", storageRoot, keccak256("0x00")])]]));

/** What relays give out, by path. */
export function partsOf({ manifest, ranges }: ReturnType<typeof cutShards>): Map<string, Uint8Array> {
  const parts = new Map<string, Uint8Array>();
  for (const [range, hash] of manifest.hashes.entries())
    if (hash) parts.set(toHex(hash).slice(2), encodeShard(ranges[range] ?? [], manifest.depth));
  parts.set(`manifests/${toHex(manifestRoot(manifest) as Uint8Array).slice(2)}`, encodeManifest(manifest));
  return parts;
}

/** A state with one account, the registry, and all parts that relays make of it. */
export function stateWith(words: ReadonlyMap<Hex, bigint>) {
  const leaves = leavesOf(words);
  const storage = plainTrie(new Map(leaves.map(({ key, value }) => [toHex(key), toRlp(toHex(value))])));
  const accounts = accountsWith(storage.root);
  const cut = cutShards(leaves);
  return {
    ...{ stateRoot: accounts.root, storageRoot: storage.root, parts: partsOf(cut), depth: cut.manifest.depth },
    prove: (slots: readonly Hex[]): Json => ({
      accountProof: accounts.proof(keccak256(registry)),
      storageProof: slots.map((slot) => ({
        ...{ value: numberToHex(words.get(slot) ?? 0n), proof: storage.proof(keccak256(slot)) },
      })),
    }),
  };
}
export type State = ReturnType<typeof stateWith>;

/**
 * A QBFT chain whose registry has this state, or from a block on another one, as several relays show it and give out parts of it.
 * `asked` has every question: relay, and method and block or the path of a part.
 */
export function shardedChain(
  relays: ShardRelay[],
  options: {
    head: number;
    states: Record<number, State>;
    /** Genesis for ever, unless given. */
    set?: (number: number) => readonly Validator[];
    /** Events as a node tells them. */
    logs?: readonly { blockNumber: Hex }[];
  },
): { asked: string[]; chain: Chain } {
  const asked: string[] = [];
  const sealed = new Map<number, Promise<Json>>();
  const stateAt = (number: number) => {
    const from = Object.keys(options.states).map(Number);
    return options.states[Math.max(...from.filter((one) => one <= number))] as State;
  };
  const blockAt = (number: number) => {
    const block =
      sealed.get(number) ??
      sealBlock(
        { ...emptyBlock(number), stateRoot: stateAt(number).stateRoot },
        { set: options.set?.(number) ?? genesis },
      );
    sealed.set(number, block);
    return block;
  };
  async function answer(method: string, params: readonly unknown[]): Promise<unknown> {
    if (method === "eth_blockNumber") return numberToHex(options.head);
    if (method === "eth_getLogs") {
      const [{ fromBlock, toBlock }] = params as [{ fromBlock: Hex; toBlock: Hex }];
      const isAsked = ({ blockNumber: at }: { blockNumber: Hex }) =>
        Number(at) >= Number(fromBlock) && Number(at) <= Number(toBlock);
      return (options.logs ?? []).filter(isAsked);
    }
    if (method === "eth_getProof") return stateAt(Number(params[2])).prove(params[1] as Hex[]);
    const number = params[0] === "latest" ? options.head : Number(params[0]);
    return number > options.head ? null : blockAt(number);
  }
  const published = new Map(Object.values(options.states).flatMap(({ parts }) => [...parts]));
  const fetching: typeof fetch = async (input, init) => {
    init?.signal?.throwIfAborted();
    const { hostname, pathname } = new URL(String(input));
    const at = Number(hostname.match(/\d+/)?.[0]);
    const relay = relays[at] as ShardRelay;
    if (pathname !== "/rpc") {
      const path = pathname.replace("/shards/", "");
      asked.push(`${at} ${path}`);
      if (relay.latest === null) return new Response("", { status: 404 });
      if (path === "latest") {
        const answer = relay.latest?.() ?? JSON.stringify({ block: options.head - (options.head % 256) });
        return answer instanceof Response ? answer : new Response(answer);
      }
      const bytes = (relay.made?.get(path) ?? published.get(path)) as Uint8Array<ArrayBuffer> | undefined;
      const said = bytes && (relay.part ? relay.part(bytes, path) : bytes);
      if (said instanceof Response) return said;
      return said === undefined ? new Response("", { status: 404 }) : new Response(said);
    }
    const { method, params } = JSON.parse(String(init?.body)) as { method: string; params: unknown[] };
    asked.push(`${at} ${method} ${method === "eth_getProof" ? `${(params[1] as []).length} ${params[2]}` : params[0]}`);
    const result = await answer(method, params);
    const said = relay.lie ? await relay.lie(method, result as Json, params) : result;
    return said instanceof Response ? said : rpcAnswer(init, { result: said });
  };
  const endpoints = () => relays.map((_, at) => ({ url: `http://relay${at}.test/rpc`, operator: `operator ${at}` }));
  const network = {
    ...{ chainId: 7586, name: "test", contracts: contractsAt(registry) },
    validators: genesis.map(({ address }) => address),
  };
  return { asked, chain: createChain(network, { endpoints, fetch: fetching }) };
}
