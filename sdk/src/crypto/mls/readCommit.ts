import {
  contentTypes,
  encode,
  type GroupContext,
  keyPackageEncoder,
  type Proposal,
  proposalOrRefTypes,
  type UpdatePath,
} from "ts-mls";
import { equalBytes } from "../bytes.ts";
import { hmacSha256 } from "../hash.ts";
import { nextGroup } from "./advance.ts";
import { claimOf, type DeviceClaim, type ExpectedMembers } from "./credential.ts";
import { contentToSign, decodeCommit, unprotect } from "./framing.ts";
import { verifyWithLabel } from "./labels.ts";
import { privateMessage } from "./message.ts";
import { placePath, readPath, renewKeys } from "./path.ts";
import { type Applied, applyProposals } from "./proposals.ts";
import { refused, typed } from "./refused.ts";
import { confirmedHash, epochOfJoiner, interimHash, joinerSecretOf, type PairSecret, pskSecretOf } from "./schedule.ts";
import { claimAt, groupStateOf, type MlsGroup } from "./state.ts";
import { leafAt } from "./tree.ts";
import { rootHash } from "./treeHash.ts";
import { checkLeaf, checkUnique } from "./validate.ts";

export interface AddedDevice extends DeviceClaim {
  /** As it was handed out. */
  keyPackage: Uint8Array;
}

/** All a commit does. Whether its committer may do it is for the caller to decide, before `next` is kept. */
export interface ReadCommit {
  next: MlsGroup;
  committer: DeviceClaim;
  added: AddedDevice[];
  removed: DeviceClaim[];
  /** Only when it changed. */
  groupState?: Uint8Array;
  /** This device is among the removed: `next` can still read this epoch and those before, and can send nothing. */
  selfRemoved: boolean;
  /** A pre-shared key was mixed in. */
  psk: boolean;
}

/**
 * Reads somebody else's commit of the current epoch (RFC 9420 section 12.4.2). The given state stays as it is. Whoever is
 * added must be among `expected`; the members before are the caller's business.
 * @throws SkrumbleError MLS_FAILED; also for proposals this network does not know, and for those by reference
 */
export const readGroupCommit = (
  group: MlsGroup,
  bytes: Uint8Array,
  expected: ExpectedMembers,
  psk?: PairSecret,
): Promise<ReadCommit> => typed(() => read(group, bytes, expected, psk));

async function read(
  group: MlsGroup,
  bytes: Uint8Array,
  expected: ExpectedMembers,
  psk: PairSecret | undefined,
): Promise<ReadCommit> {
  const { groupContext, secretTree, keySchedule } = group;
  const message = privateMessage(bytes);
  if (
    message?.contentType !== contentTypes.commit ||
    message.epoch !== groupContext.epoch ||
    !equalBytes(message.groupId, groupContext.groupId) ||
    group.groupActiveState.kind !== "active"
  ) {
    throw refused("Not a commit of this epoch.");
  }
  const keys = { context: groupContext, secretTree, senderDataSecret: keySchedule.senderDataSecret };
  const { leaf, plaintext } = await unprotect(keys, message);
  const committer = claimAt(group.ratchetTree, leaf);
  if (!committer || leaf === group.privatePath.leafIndex) throw refused("Not somebody else's commit.");
  const { commit, content, signature, confirmationTag } = decodeCommit(groupContext, leaf, plaintext);
  const signed = contentToSign(groupContext, content);
  if (!(await verifyWithLabel(committer.deviceKey, "FramedContentTBS", signed, signature))) {
    throw refused("A commit its committer did not sign.");
  }
  const proposals = commit.proposals.map((one): Proposal => {
    if (one.proposalOrRefType !== proposalOrRefTypes.proposal) throw refused("A proposal by reference.");
    return one.proposal;
  });
  const applied = await applyProposals(group, leaf, proposals, expected);
  const { path } = commit;
  if (!path && applied.needsPath) throw refused("A commit without the path it needs.");
  if (path) await checkCommitter(group, leaf, path, applied, expected);
  const summary = summaryOf(group, committer, applied);
  if (summary.selfRemoved) return { ...summary, next: { ...group, groupActiveState: { kind: "removedFromGroup" } } };
  const interim = interimHash(groupContext.confirmedTranscriptHash, group.confirmationTag);
  const confirmed = confirmedHash(interim, content, signature);
  const next = await advance(group, leaf, applied, { path, confirmed, confirmationTag, psk });
  return { ...summary, next };
}

/** Whether a commit of the present epoch was made by this very leaf. False for what cannot be read. */
export async function isOwnCommit(group: MlsGroup, bytes: Uint8Array): Promise<boolean> {
  const { groupContext: context, secretTree, keySchedule, privatePath } = group;
  const message = privateMessage(bytes);
  if (message?.contentType !== contentTypes.commit || message.epoch !== context.epoch) return false;
  try {
    const { leaf } = await unprotect({ context, secretTree, senderDataSecret: keySchedule.senderDataSecret }, message);
    return leaf === privatePath.leafIndex;
  } catch {
    return false;
  }
}

/** The committer may renew its keys and its claim, but not become another device. */
async function checkCommitter(
  group: MlsGroup,
  leafIndex: number,
  path: UpdatePath,
  { extensions }: Applied,
  expected: ExpectedMembers,
): Promise<void> {
  const old = leafAt(group.ratchetTree, leafIndex);
  const before = old && claimOf(old.credential);
  const after = claimOf(path.leafNode.credential);
  if (!old || !before || !after) throw refused("A committer without a claim.");
  if (!equalBytes(before.deviceKey, after.deviceKey) || !equalBytes(before.publicId, after.publicId)) {
    throw refused("A committer who becomes another device.");
  }
  if (equalBytes(old.hpkePublicKey, path.leafNode.hpkePublicKey)) throw refused("A path that renews nothing.");
  const { groupId } = group.groupContext;
  await checkLeaf(path.leafNode, { groupId, leafIndex, extensions, expected });
}

function summaryOf(group: MlsGroup, committer: DeviceClaim, applied: Applied): Omit<ReadCommit, "next"> {
  const { groupState } = applied;
  const old = groupStateOf(group);
  const changed = groupState !== undefined && (!old || !equalBytes(old, groupState));
  return {
    committer,
    added: applied.added.map(({ claim, keyPackage }) => ({
      ...claim,
      keyPackage: encode(keyPackageEncoder, keyPackage),
    })),
    removed: applied.removed.map(({ claim }) => claim),
    ...(changed ? { groupState } : {}),
    selfRemoved: applied.removed.some(({ leaf }) => leaf === group.privatePath.leafIndex),
    psk: applied.pskId !== undefined,
  };
}

async function advance(
  group: MlsGroup,
  leaf: number,
  { tree, added, extensions, pskId }: Applied,
  by: { path: UpdatePath | undefined; confirmed: Uint8Array; confirmationTag: Uint8Array; psk: PairSecret | undefined },
): Promise<MlsGroup> {
  const { groupContext, privatePath } = group;
  const own = privatePath.leafIndex;
  const steps = by.path ? placePath(tree, leaf, by.path) : [];
  checkUnique(tree);
  const provisional: GroupContext = {
    ...groupContext,
    ...{ extensions, epoch: groupContext.epoch + 1n, treeHash: rootHash(tree) },
  };
  const fresh = by.path
    ? await readPath(tree, {
        ...{ own, known: privatePath.privateKeys, steps, path: by.path, context: provisional },
        added: added.map((one) => one.leaf),
      })
    : { privateKeys: {}, commitSecret: new Uint8Array(32) };
  const context = { ...provisional, confirmedTranscriptHash: by.confirmed };
  const joiner = joinerSecretOf(group.keySchedule.initSecret, fresh.commitSecret, context);
  const epoch = epochOfJoiner(joiner, pskSecretOf(pskId, by.psk), context);
  const { confirmationTag } = by;
  if (!equalBytes(hmacSha256(epoch.keySchedule.confirmationKey, by.confirmed), confirmationTag)) {
    throw refused("A commit that does not confirm its epoch.");
  }
  const privateKeys = renewKeys(tree, own, privatePath.privateKeys, fresh.privateKeys, steps);
  return nextGroup(group, { context, tree, epoch, confirmationTag, privateKeys });
}
