import {
  contentTypes,
  defaultProposalTypes,
  type GroupContext,
  type Proposal,
  proposalOrRefTypes,
  pskTypes,
} from "ts-mls";
import type { Millis } from "../../types/primitives.ts";
import { concat, equalBytes, randomBytes } from "../bytes.ts";
import { hmacSha256 } from "../hash.ts";
import { nextGroup } from "./advance.ts";
import type { ExpectedMembers } from "./credential.ts";
import { groupStateExtensions } from "./extension.ts";
import { commitContent, contentToSign, protect } from "./framing.ts";
import { decodeKeyPackage } from "./keyPackage.ts";
import { signWithLabel } from "./labels.ts";
import { createPath, renewKeys } from "./path.ts";
import { applyProposals } from "./proposals.ts";
import { refused, typed } from "./refused.ts";
import { confirmedHash, epochOfJoiner, interimHash, joinerSecretOf, type PairSecret, pskSecretOf } from "./schedule.ts";
import { claimAt, type MlsGroup } from "./state.ts";
import { vector } from "./tls.ts";
import { filteredPath, leafAt, leafCount } from "./tree.ts";
import { rootHash } from "./treeHash.ts";
import { checkLifetime } from "./validate.ts";
import { createWelcome } from "./welcome.ts";

export interface GroupChange {
  /** Key packages. */
  add?: Uint8Array[];
  /** Device keys, 32 bytes each. */
  remove?: Uint8Array[];
  /** At most 48 KiB. */
  groupState?: Uint8Array;
  psk?: PairSecret;
  expected: ExpectedMembers;
  /** For the lifetime of the key packages, which may be a day off. The clock's when missing. */
  now?: Millis;
}

export interface GroupCommit {
  /** MLSMessage with a PrivateMessage, for those who are members now. */
  commit: Uint8Array;
  /** The state after it. MLS members cannot process their own commit: keep this until it is known to have won. */
  next: MlsGroup;
  /** For those who are added. */
  welcome?: Uint8Array;
}

/**
 * Proposes a next epoch (RFC 9420 section 12.4.1); the given state stays as it is. Every commit renews the keys of this
 * device; one without any change does only that. @throws SkrumbleError MLS_FAILED
 */
export const createGroupCommit = (group: MlsGroup, change: GroupChange): Promise<GroupCommit> =>
  typed(() => commitChange(group, change));

async function commitChange(group: MlsGroup, change: GroupChange): Promise<GroupCommit> {
  if (group.groupActiveState.kind !== "active") throw refused("Not a member any more.");
  const { groupContext, signaturePrivateKey, privatePath } = group;
  const leaf = privatePath.leafIndex;
  const proposals = proposalsOf(group, change);
  const applied = await applyProposals(group, leaf, proposals, change.expected);
  for (const { keyPackage } of applied.added) checkLifetime(keyPackage, change.now ?? Date.now());
  const { tree, extensions } = applied;
  const current = leafAt(tree, leaf);
  if (!current) throw refused("Not a member any more.");
  const steps = filteredPath(tree, leaf);
  const provisional = (): GroupContext => ({
    ...groupContext,
    ...{ extensions, epoch: groupContext.epoch + 1n, treeHash: rootHash(tree) },
  });
  const added = applied.added.map((one) => one.leaf);
  const { groupId } = groupContext;
  const made = await createPath(tree, { leaf, current, groupId, added, signaturePrivateKey, context: provisional });
  const listed = proposals.map((proposal) => ({ proposalOrRefType: proposalOrRefTypes.proposal, proposal }));
  const { content, body } = commitContent(groupContext, leaf, { proposals: listed, path: made.path });
  const toSign = contentToSign(groupContext, content);
  const signature = await signWithLabel(signaturePrivateKey, "FramedContentTBS", toSign);
  const interim = interimHash(groupContext.confirmedTranscriptHash, group.confirmationTag);
  const context = { ...provisional(), confirmedTranscriptHash: confirmedHash(interim, content, signature) };
  const pskSecret = pskSecretOf(applied.pskId, change.psk);
  const joinerSecret = joinerSecretOf(group.keySchedule.initSecret, made.commitSecret, context);
  const epoch = epochOfJoiner(joinerSecret, pskSecret, context);
  const confirmationTag = hmacSha256(epoch.keySchedule.confirmationKey, context.confirmedTranscriptHash);
  const { bytes } = await protect(
    { context: groupContext, secretTree: group.secretTree, senderDataSecret: group.keySchedule.senderDataSecret },
    leaf,
    contentTypes.commit,
    concat(body, vector(signature), vector(confirmationTag)),
  );
  const privateKeys = renewKeys(tree, leaf, privatePath.privateKeys, made.privateKeys, steps);
  const next = nextGroup(group, { context, tree, epoch, confirmationTag, privateKeys });
  const welcome = await createWelcome(next, { applied, joinerSecret, pskSecret, secrets: made.secrets });
  return { commit: bytes, next, ...(welcome ? { welcome } : {}) };
}

function proposalsOf(group: MlsGroup, { add = [], remove = [], groupState, psk }: GroupChange): Proposal[] {
  const { add: addType, remove: removeType, psk: pskType, group_context_extensions } = defaultProposalTypes;
  const proposals: Proposal[] = [
    ...remove.map((device): Proposal => ({ proposalType: removeType, remove: { removed: leafOf(group, device) } })),
    ...add.map(
      (bytes): Proposal => ({ proposalType: addType, add: { keyPackage: decodeKeyPackage(bytes).keyPackage } }),
    ),
  ];
  if (groupState) {
    const groupContextExtensions = { extensions: groupStateExtensions(groupState) };
    proposals.push({ proposalType: group_context_extensions, groupContextExtensions });
  }
  if (psk) {
    const preSharedKeyId = { psktype: pskTypes.external, pskId: psk.id, pskNonce: randomBytes(32) };
    proposals.push({ proposalType: pskType, psk: { preSharedKeyId } });
  }
  return proposals;
}

function leafOf(group: MlsGroup, device: Uint8Array): number {
  for (let leaf = 0; leaf < leafCount(group.ratchetTree); leaf++) {
    const claim = claimAt(group.ratchetTree, leaf);
    if (claim && equalBytes(claim.deviceKey, device)) return leaf;
  }
  throw refused("Not a member.");
}
