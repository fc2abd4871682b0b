import { type Hex, keccak256, toRlp } from "viem";
import { emptyRoot } from "../../src/chain/verified/trie.ts";

type Node = Hex | Node[];

/**
 * A Merkle-Patricia trie that proves what is in it, as a node's does.
 * @param items by the hash of slot or address: what the leaf has, in RLP
 * @param top digits that all keys have in common, used up above it
 */
export function plainTrie(items: ReadonlyMap<Hex, Hex>, top = 0): { root: Hex; proof(key: Hex): Hex[] } {
  const leaves = [...items]
    .map(([key, item]) => ({ path: key.slice(2), item }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  const pathAt = (at: number) => (leaves[at] as { path: string }).path;
  const references = new Map<string, Node>();

  const forkOf = (from: number, to: number, depth: number): number => {
    let fork = depth;
    while (pathAt(from)[fork] === pathAt(to - 1)[fork]) fork++;
    return fork;
  };
  /** Where those with a higher digit begin. */
  const endOf = (digit: string, from: number, to: number, depth: number): number => {
    let [low, high] = [from, to];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((pathAt(middle)[depth] as string) <= digit) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  const childrenOf = (from: number, to: number, depth: number): [number, number][] => {
    let start = from;
    return [..."0123456789abcdef"].map((digit) => {
      const child: [number, number] = [start, endOf(digit, start, to, depth)];
      start = child[1];
      return child;
    });
  };
  function nodeOf(from: number, to: number, depth: number): Node[] {
    const path = pathAt(from);
    if (to - from === 1) return [prefixed(path.slice(depth), 2), (leaves[from] as { item: Hex }).item];
    const fork = forkOf(from, to, depth);
    if (fork > depth) return [prefixed(path.slice(depth, fork), 0), referenceTo(from, to, fork)];
    const children = childrenOf(from, to, depth);
    return [...children.map(([start, end]) => (start === end ? "0x" : referenceTo(start, end, depth + 1))), "0x"];
  }
  function referenceTo(from: number, to: number, depth: number): Node {
    const before = references.get(`${from} ${depth}`);
    if (before) return before;
    const node = nodeOf(from, to, depth);
    const encoded = toRlp(node);
    const reference = encoded.length < 66 ? node : keccak256(encoded);
    references.set(`${from} ${depth}`, reference);
    return reference;
  }

  return {
    root: leaves.length === 0 ? emptyRoot : keccak256(toRlp(nodeOf(0, leaves.length, top))),
    proof(key) {
      const path = key.slice(2);
      const nodes: Hex[] = [];
      let [from, to, depth] = [0, leaves.length, top];
      while (to > from) {
        const encoded = toRlp(nodeOf(from, to, depth));
        // Shorter ones stand in their parents.
        if (depth === top || encoded.length >= 66) nodes.push(encoded);
        if (to - from === 1) break;
        const fork = forkOf(from, to, depth);
        if (fork > depth) {
          if (path.slice(depth, fork) !== pathAt(from).slice(depth, fork)) break;
          depth = fork;
          continue;
        }
        [from, to] = childrenOf(from, to, depth)[Number.parseInt(path[depth] as string, 16)] as [number, number];
        depth++;
      }
      return nodes;
    },
  };
}

const prefixed = (path: string, kind: number): Hex =>
  path.length % 2 === 1 ? `0x${kind + 1}${path}` : `0x${kind}0${path}`;
