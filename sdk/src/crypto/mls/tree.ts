import { type LeafNode, type Node, nodeTypes, type ParentNode, type RatchetTree } from "ts-mls";

/**
 * The ratchet tree of RFC 9420 sections 4, 7.7 and appendix C: an array of 2^(d+1) - 1 nodes, leaves at even places.
 * Its arrays are never changed once they belong to a state; the functions that change one are given a copy.
 */

const leafType = nodeTypes.leaf;

export const leafNode = (leaf: number): number => leaf * 2;
export const leafCount = (tree: RatchetTree): number => (tree.length + 1) / 2;
export const isLeaf = (node: number): boolean => node % 2 === 0;

export function level(node: number): number {
  let up = 0;
  while ((node >> up) & 1) up++;
  return up;
}

export const left = (node: number): number => node ^ (1 << (level(node) - 1));
export const right = (node: number): number => node ^ (3 << (level(node) - 1));
const rootOf = (tree: RatchetTree): number => (tree.length - 1) / 2;

function parent(node: number): number {
  const k = level(node);
  return (node | (1 << k)) ^ (((node >> (k + 1)) & 1) << (k + 1));
}

/** Is this leaf below this node? */
export const covers = (node: number, leaf: number): boolean => Math.abs(leafNode(leaf) - node) < 1 << level(node);

/** From the leaf's parent up to the root. */
export function directPath(tree: RatchetTree, leaf: number): number[] {
  const path: number[] = [];
  let node = leafNode(leaf);
  while (node !== rootOf(tree)) {
    node = parent(node);
    path.push(node);
  }
  return path;
}

export function leafAt(tree: RatchetTree, leaf: number): LeafNode | undefined {
  const node = tree[leafNode(leaf)];
  return node?.nodeType === leafType ? node.leaf : undefined;
}

export function parentAt(tree: RatchetTree, node: number): ParentNode | undefined {
  const found = tree[node];
  return found?.nodeType === nodeTypes.parent ? found.parent : undefined;
}

export const publicKeyOf = (node: Node): Uint8Array =>
  node.nodeType === leafType ? node.leaf.hpkePublicKey : node.parent.hpkePublicKey;

/** The nodes whose keys together reach everybody below this one. */
export function resolution(tree: RatchetTree, node: number): number[] {
  const found = tree[node];
  if (found?.nodeType === nodeTypes.parent) return [node, ...found.parent.unmergedLeaves.map(leafNode)];
  if (found) return [node];
  return isLeaf(node) ? [] : [...resolution(tree, left(node)), ...resolution(tree, right(node))];
}

export interface PathStep {
  node: number;
  /** The child that the leaf is not below. */
  sibling: number;
  /** Resolution of that child; never empty. */
  reach: number[];
}

/** The filtered direct path: without the nodes that would have nobody on the other side. */
export function filteredPath(tree: RatchetTree, leaf: number): PathStep[] {
  return directPath(tree, leaf).flatMap((node) => {
    const sibling = covers(left(node), leaf) ? right(node) : left(node);
    const reach = resolution(tree, sibling);
    return reach.length > 0 ? [{ node, sibling, reach }] : [];
  });
}

export function blankPath(tree: RatchetTree, leaf: number): void {
  for (const node of directPath(tree, leaf)) tree[node] = undefined;
}

/** Puts it at the leftmost blank leaf, or doubles the tree. Gives the place. */
export function addLeaf(tree: RatchetTree, added: LeafNode): number {
  let leaf = 0;
  while (leaf < leafCount(tree) && tree[leafNode(leaf)]) leaf++;
  while (tree.length <= leafNode(leaf)) tree.push(...new Array<undefined>(tree.length + 1));
  for (const node of directPath(tree, leaf)) {
    const found = parentAt(tree, node);
    if (!found) continue;
    const unmergedLeaves = [...found.unmergedLeaves, leaf].sort((a, b) => a - b);
    tree[node] = { nodeType: nodeTypes.parent, parent: { ...found, unmergedLeaves } };
  }
  tree[leafNode(leaf)] = { nodeType: leafType, leaf: added };
  return leaf;
}

/** Blanks it and everything whose key it knows, and halves the tree while its right half is empty. */
export function removeLeaf(tree: RatchetTree, leaf: number): void {
  blankPath(tree, leaf);
  tree[leafNode(leaf)] = undefined;
  while (tree.length > 1 && tree.slice(rootOf(tree) + 1).every((node) => !node)) tree.length = rootOf(tree);
}
