import type { GroupContext, RatchetTree } from "ts-mls";
import { equalBytes } from "../bytes.ts";
import type { ExpectedMembers } from "./credential.ts";
import { refused } from "./refused.ts";
import { covers, directPath, isLeaf, leafAt, leafCount, leafNode, left, parentAt, resolution, right } from "./tree.ts";
import { type HashCache, parentHash, rootHash } from "./treeHash.ts";
import { checkLeaf, checkUnique } from "./validate.ts";

/** With the pairs of a few hundred people's devices there is room to spare. */
const maxLeaves = 1_024;

/** What RFC 9420 section 12.4.3.1 asks of the tree in a welcome. Throws MLS_FAILED. */
export async function checkTree(tree: RatchetTree, context: GroupContext, expected: ExpectedMembers): Promise<void> {
  if (leafCount(tree) > maxLeaves) throw refused("A group that is too large.");
  const wrong = tree.some((node, at) => node && "leaf" in node !== isLeaf(at));
  if (wrong || !tree.some((node) => node)) throw refused("Not a tree.");
  checkUnique(tree);
  checkUnmerged(tree);
  const cache: HashCache = new Map();
  if (!equalBytes(rootHash(tree, cache), context.treeHash)) throw refused("A tree of another group.");
  checkParentHashes(tree, cache);
  const { groupId, extensions } = context;
  for (let leafIndex = 0; leafIndex < leafCount(tree); leafIndex++) {
    const leaf = leafAt(tree, leafIndex);
    if (leaf) await checkLeaf(leaf, { groupId, leafIndex, extensions, expected });
  }
}

/** An unmerged leaf exists, is below the node, and is unmerged in every node between. */
function checkUnmerged(tree: RatchetTree): void {
  for (const node of tree.keys()) {
    const unmerged = parentAt(tree, node)?.unmergedLeaves ?? [];
    for (const [i, leaf] of unmerged.entries()) {
      if (i > 0 && leaf <= (unmerged[i - 1] as number)) throw refused("Unmerged leaves out of order.");
      if (!covers(node, leaf) || !leafAt(tree, leaf)) throw refused("An unmerged leaf that is none.");
      for (const between of directPath(tree, leaf)) {
        if (between === node) break;
        const list = parentAt(tree, between)?.unmergedLeaves;
        if (list && !list.includes(leaf)) throw refused("A leaf that is merged below and unmerged above.");
      }
    }
  }
}

/**
 * Section 7.9.2: every parent's key was made by somebody below it, who said so in a signed leaf, link by link. Otherwise
 * whoever made the tree could hold keys of nodes it is not below.
 */
export function checkParentHashes(tree: RatchetTree, cache: HashCache): void {
  for (const node of tree.keys()) {
    const parent = parentAt(tree, node);
    if (!parent) continue;
    const sides = [
      { child: left(node), sibling: right(node) },
      { child: right(node), sibling: left(node) },
    ];
    const vouched = sides.some(({ child, sibling }) => {
      const hash = parentHash(tree, node, sibling, cache);
      const newer = parent.unmergedLeaves.filter((leaf) => covers(child, leaf)).map(leafNode);
      const reach = resolution(tree, child);
      return reach.some(
        (below) =>
          saysParentHash(tree, below, hash) &&
          equalSets(
            newer,
            reach.filter((other) => other !== below),
          ),
      );
    });
    if (!vouched) throw refused("A node nobody vouches for.");
  }
}

function saysParentHash(tree: RatchetTree, node: number, hash: Uint8Array): boolean {
  const said = isLeaf(node) ? leafAt(tree, node / 2) : parentAt(tree, node);
  return said !== undefined && "parentHash" in said && equalBytes(said.parentHash, hash);
}

const equalSets = (a: number[], b: number[]): boolean => a.length === b.length && a.every((one) => b.includes(one));
