import { fromRlp, type Hex, isHex, keccak256, size } from "viem";
import { unproven } from "./unproven.ts";

/** Root of a trie without any value: the hash of an empty string in RLP. */
export const emptyRoot: Hex = "0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421";

type Item = Hex | readonly Item[];

/**
 * Value of a key in a Merkle-Patricia trie, by the nodes on the way to it; undefined where these show that there is none.
 * @param key as the trie has it: for state and storage the hash of address or slot
 * @throws SkrumbleError CHAIN_UNPROVEN where the nodes do not lead from the root to an answer
 * @see Ethereum Yellow Paper, appendix D
 */
export function proveValue(root: Hex, key: Hex, nodes: readonly Hex[]): Hex | undefined {
  if (root === emptyRoot) return undefined;
  const known = new Map(nodes.map((node) => [keccak256(node), node]));
  let path = key.slice(2);
  let at: Item = root;
  // A node is named by its hash, or stands in its parent where it is shorter than that. Each step forward uses up some of the path.
  while (at !== "0x") {
    const items: readonly Item[] = typeof at === "string" ? decode(known.get(at)) : at;
    if (items.length === 17) {
      if (path === "") return finalValue(items[16]);
      at = child(items[Number.parseInt(path.slice(0, 1), 16)]);
      path = path.slice(1);
      continue;
    }
    const { part, isLeaf } = partOf(items);
    if (isLeaf) return path === part ? finalValue(items[1]) : undefined;
    if (part === "") throw unproven("A node of the proof leads nowhere.");
    if (!path.startsWith(part)) return undefined;
    path = path.slice(part.length);
    at = child(items[1]);
  }
  return undefined;
}

function decode(node: Hex | undefined): readonly Item[] {
  if (node === undefined) throw unproven("A node of the proof is missing.");
  try {
    const items = fromRlp(node) as Item;
    if (typeof items !== "string") return items;
  } catch {
    // Told below.
  }
  throw unproven("A node of the proof is none.");
}

function child(item: Item | undefined): Item {
  const isNode = item !== undefined && (typeof item !== "string" || item === "0x" || size(item) === 32);
  if (!isNode) throw unproven("A node of the proof is none.");
  return item;
}

/** Hex prefix: the first digit says whether the path ends here (2) and whether its digits are odd in number (1). */
function partOf([prefix, ...rest]: readonly Item[]): { part: string; isLeaf: boolean } {
  if (!isHex(prefix) || rest.length !== 1) throw unproven("A node of the proof is none.");
  const flags = Number.parseInt(prefix.slice(2, 3), 16);
  const isOdd = flags % 2 === 1;
  if (!(flags <= 3) || (!isOdd && prefix[3] !== "0")) throw unproven("A node of the proof is none.");
  return { part: prefix.slice(isOdd ? 3 : 4), isLeaf: flags >= 2 };
}

function finalValue(item: Item | undefined): Hex | undefined {
  if (typeof item !== "string") throw unproven("A value of the proof is none.");
  return item === "0x" ? undefined : item;
}
