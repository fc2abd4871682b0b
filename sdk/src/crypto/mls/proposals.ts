import {
  defaultProposalTypes,
  type Extension,
  type GroupContextExtension,
  type KeyPackage,
  type Proposal,
  type PskId,
  type RatchetTree,
} from "ts-mls";
import type { DeviceClaim, ExpectedMembers } from "./credential.ts";
import { stateOfExtensions } from "./extension.ts";
import { refused } from "./refused.ts";
import { claimAt, type MlsGroup } from "./state.ts";
import { addLeaf, removeLeaf } from "./tree.ts";
import { checkKeyPackage, checkLeaf, checkUnique } from "./validate.ts";

/** What the proposals of one commit do. */
export interface Applied {
  tree: RatchetTree;
  added: { leaf: number; keyPackage: KeyPackage; claim: DeviceClaim }[];
  removed: { leaf: number; claim: DeviceClaim }[];
  /** Of the next epoch. */
  extensions: GroupContextExtension[];
  /** The state among them, when it was proposed. */
  groupState?: Uint8Array;
  pskId?: PskId;
  /** RFC 9420 section 12.4: all but adds and pre-shared keys. */
  needsPath: boolean;
}

/**
 * Applies them in the order of RFC 9420 section 12.3 to a copy of the tree. Only add, remove, group_context_extensions and
 * psk exist in this network. @throws SkrumbleError MLS_FAILED
 */
export async function applyProposals(
  group: MlsGroup,
  committer: number,
  proposals: Proposal[],
  expected: ExpectedMembers,
): Promise<Applied> {
  const tree = group.ratchetTree.slice();
  const sorted = sort(proposals);
  const extensions = sorted.extensions ?? group.groupContext.extensions;
  const groupState = sorted.extensions && stateOfExtensions(sorted.extensions);
  if (sorted.extensions && !groupState) throw refused("Not the state of a group of this network.");
  const removed = sorted.removed.map((leaf) => {
    const claim = claimAt(tree, leaf);
    if (!claim || leaf === committer) throw refused("Nobody to remove.");
    removeLeaf(tree, leaf);
    return { leaf, claim };
  });
  const added: Applied["added"] = [];
  for (const keyPackage of sorted.added) {
    const leaf = addLeaf(tree, keyPackage.leafNode);
    added.push({ leaf, keyPackage, claim: await checkAdded(group, keyPackage, leaf, extensions, expected) });
  }
  checkUnique(tree);
  const [pskId] = sorted.psks;
  return {
    ...{ tree, added, removed, extensions },
    needsPath: proposals.length === 0 || removed.length > 0 || groupState !== undefined,
    ...(groupState ? { groupState } : {}),
    ...(pskId ? { pskId } : {}),
  };
}

async function checkAdded(
  group: MlsGroup,
  keyPackage: KeyPackage,
  leafIndex: number,
  extensions: Extension[],
  expected: ExpectedMembers,
): Promise<DeviceClaim> {
  await checkKeyPackage(keyPackage);
  const { groupId } = group.groupContext;
  return checkLeaf(keyPackage.leafNode, { groupId, leafIndex, extensions, expected });
}

interface Sorted {
  added: KeyPackage[];
  removed: number[];
  psks: PskId[];
  extensions?: GroupContextExtension[];
}

function sort(proposals: Proposal[]): Sorted {
  const sorted: Sorted = { added: [], removed: [], psks: [] };
  for (const proposal of proposals) {
    if (isType(proposal, defaultProposalTypes.add)) sorted.added.push(proposal.add.keyPackage);
    else if (isType(proposal, defaultProposalTypes.remove)) sorted.removed.push(proposal.remove.removed);
    else if (isType(proposal, defaultProposalTypes.psk)) sorted.psks.push(proposal.psk.preSharedKeyId);
    else if (isType(proposal, defaultProposalTypes.group_context_extensions) && !sorted.extensions) {
      sorted.extensions = proposal.groupContextExtensions.extensions;
    } else throw refused("A proposal this network does not use.");
  }
  if (sorted.psks.length > 1) throw refused("More than one pre-shared key.");
  return sorted;
}

type Typed<T extends number> = Extract<Proposal, { proposalType: T }>;

/** The library's union has a member for unknown types, which keeps TypeScript from telling the others apart. */
const isType = <T extends number>(
  proposal: Proposal,
  type: T,
): proposal is Exclude<Typed<T>, { proposalData: Uint8Array }> => proposal.proposalType === type;
