import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Leaf, openManifest, openShard, trieRoot } from "@skrumble/sdk/shards";
import { type Hex, hexToBytes, keccak256, toHex, toRlp } from "viem";
import { onTestFinished } from "vitest";
import { plainTrie } from "../../../sdk/test/support/plainTrie.ts";
import { childrenAt } from "../../src/chain/registryChain.ts";
import { createShardKeeper, type ShardChain } from "../../src/shards/shardKeeper.ts";
import { createShardReader } from "../../src/shards/shardReader.ts";
import { createShardStore, type RegistryChanges } from "../../src/shards/shardStore.ts";

export function folder(): string {
  const made = mkdtempSync(join(tmpdir(), "skrumble-shards-"));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

/** A block a second. */
export const timeOf = (block: bigint) => 1_000_000n + block;
/** Blocks of another chain have other hashes. */
const hashOf = (block: bigint, chain: number) => hexToBytes(keccak256(toHex(`${chain} ${block}`)));
const trimmed = (bytes: Uint8Array) => bytes.slice(bytes.findIndex((byte) => byte !== 0));
export const commitmentWord = (block: bigint, time: bigint) => trimmed(hexToBytes(toHex((time << 64n) | block)));

export interface Change extends Partial<RegistryChanges> {
  block: bigint;
  /** What is written; undefined for 0. */
  writes: [slot: Uint8Array, value: Uint8Array | undefined][];
}

/** A node with a registry's storage, and what went wrong with it. */
export function fakeChain() {
  const changes: Change[] = [];
  const state = {
    head: 0n,
    chain: 1,
    isDown: false,
    wordsRead: 0,
    branchesRead: 0,
    wordsLeft: Number.POSITIVE_INFINITY,
  };
  let last: { at: string; storage: Map<string, Uint8Array>; leaves?: Leaf[] } | undefined;
  const stateAt = (block: bigint) => {
    const at = `${block} ${changes.length}`;
    if (last?.at !== at) last = { at, storage: computed(block) };
    return last;
  };
  const computed = (block: bigint) => {
    const storage = new Map<string, Uint8Array>();
    for (const change of changes.filter((one) => one.block <= block))
      for (const [slot, value] of change.writes)
        if (value) storage.set(toHex(slot), value);
        else storage.delete(toHex(slot));
    return storage;
  };
  const leavesAt = (block: bigint): Leaf[] => {
    const state = stateAt(block);
    state.leaves ??= [...state.storage]
      .map(([slot, value]) => ({ key: hexToBytes(keccak256(slot as `0x${string}`)), value }))
      .sort((one, other) => Buffer.compare(one.key, other.key));
    return state.leaves;
  };
  const chain: ShardChain = {
    async block(number = state.head) {
      if (state.isDown) throw new Error("down");
      return { number, time: timeOf(number), hash: hashOf(number, state.chain) };
    },
    async changes(from, to) {
      const some = changes.filter(({ block }) => block >= from && block <= to);
      return {
        slots: some.flatMap(({ slots, writes }) => slots ?? writes.map(([slot]) => slot)),
        commitments: some.flatMap(({ commitments }) => commitments ?? []),
        spent: some.flatMap(({ spent }) => spent ?? []),
      };
    },
    async words(slots, block) {
      state.wordsRead += slots.length;
      state.wordsLeft -= slots.length;
      if (state.wordsLeft < 0) throw new Error("state is gone");
      const { storage } = stateAt(block);
      const value = (slot: Uint8Array) => storage.get(toHex(slot)) ?? new Uint8Array(0);
      return slots.map((slot) => ({ slot, key: hexToBytes(keccak256(slot)), value: value(slot) }));
    },
    root: async (block) => trieRoot(leavesAt(block)),
    async branch(slot, digits, block) {
      state.branchesRead++;
      const items = leavesAt(block).map(({ key, value }): [Hex, Hex] => [toHex(key), toRlp(toHex(value))]);
      return childrenAt(plainTrie(new Map(items)).proof(keccak256(slot)), digits);
    },
  };
  return { chain, state, leavesAt, add: (change: Change) => void changes.push(change) };
}

export const slot = () => new Uint8Array(randomBytes(32));
/** One whose key begins with a digit. */
export function slotIn(digit: number): Uint8Array {
  for (;;) {
    const made = slot();
    if ((hexToBytes(keccak256(made))[0] as number) >> 4 === digit) return made;
  }
}
export const value = () => trimmed(Uint8Array.from([1, ...randomBytes(20)]));
export const someWrites = (count: number): Change["writes"] => Array.from({ length: count }, () => [slot(), value()]);

/** A keeper of such a registry, and what it gives out. */
export function keeperOfFake(at = folder()) {
  const fake = fakeChain();
  const store = createShardStore(at);
  onTestFinished(() => store.close());
  const reader = createShardReader(at);
  onTestFinished(() => reader.close());
  const keeper = createShardKeeper({ chain: fake.chain, store, from: 1n });
  /** All leaves that shards of a block lead to, each proven. */
  const read = (block: bigint): Leaf[] => {
    const root = trieRoot(fake.leavesAt(block));
    const { depth, hashes } = openManifest(reader.get("manifest", root) as Uint8Array, root);
    return hashes.flatMap((hash, range) =>
      hash ? openShard(reader.get("shard", hash) as Uint8Array, hash, range, depth) : [],
    );
  };
  return { ...fake, store, reader, keeper, read };
}
