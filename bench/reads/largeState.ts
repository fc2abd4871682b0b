import { type Hex, hexToBytes, keccak256, numberToHex, toHex, toRlp } from "viem";
import { cutShards } from "../../sdk/src/chain/shards/cutShards.ts";
import { rangeOf } from "../../sdk/src/chain/shards/leaves.ts";
import { branchHash } from "../../sdk/src/chain/shards/trieRoot.ts";
import { plainTrie } from "../../sdk/test/support/plainTrie.ts";
import { leavesOf } from "../../sdk/test/support/registryStorage.ts";
import { accountsWith, partsOf } from "../../sdk/test/support/shardedChain.ts";
import { REGISTRY } from "./plan.ts";

type Hash = Uint8Array | undefined;

/** A registry's storage with its shards and proofs. Only those ranges are made into tries that somebody asks for a proof of: there are a million leaves. */
export function largeState(words: ReadonlyMap<Hex, bigint>) {
  const cut = cutShards(leavesOf(words));
  const { depth, hashes } = cut.manifest;
  /** Of the nodes at each number of digits, the root first. */
  const levels: (readonly Hash[])[] = [hashes];
  for (let level = hashes; level.length > 1; ) {
    const above = Array.from({ length: level.length / 16 }, (_, at) => {
      const children = level.slice(16 * at, 16 * at + 16);
      return children.some((child) => child) ? branchHash(children) : undefined;
    });
    levels.unshift(above);
    level = above;
  }
  const accounts = accountsWith(toHex((levels[0] as Hash[])[0] as Uint8Array));
  const tries = new Map<number, ReturnType<typeof plainTrie>>();

  function trieAt(range: number): ReturnType<typeof plainTrie> {
    const leaves = cut.ranges[range] ?? [];
    const items = () => new Map(leaves.map(({ key, value }) => [toHex(key), toRlp(toHex(value))]));
    const trie = tries.get(range) ?? plainTrie(items(), depth);
    tries.set(range, trie);
    return trie;
  }

  function proofOf(slot: Hex): Hex[] {
    const key = keccak256(slot);
    const bytes = hexToBytes(key);
    const above = Array.from({ length: depth }, (_, at) => {
      const first = 16 * rangeOf(bytes, at);
      const children = (levels[at + 1] as Hash[]).slice(first, first + 16);
      // Nothing below: the proof has ended.
      return children.some((child) => child) ? toRlp([...children.map((one) => (one ? toHex(one) : "0x")), "0x"]) : [];
    });
    return [...above.flat(), ...trieAt(rangeOf(bytes, depth)).proof(key)] as Hex[];
  }

  return {
    ...{ stateRoot: accounts.root, parts: partsOf(cut) },
    prove: (slots: readonly Hex[]) => ({
      accountProof: accounts.proof(keccak256(REGISTRY)),
      storageProof: slots.map((slot) => ({ value: numberToHex(words.get(slot) ?? 0n), proof: proofOf(slot) })),
    }),
  };
}
