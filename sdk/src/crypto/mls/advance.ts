import type { EpochReceiverData, GroupContext, RatchetTree } from "ts-mls";
import type { PrivateKeys } from "./path.ts";
import { createSecretTree } from "./ratchet.ts";
import type { Epoch } from "./schedule.ts";
import type { MlsGroup } from "./state.ts";
import { leafCount } from "./tree.ts";

/** Messages of this many past epochs can be read. */
const keptEpochs = 4;

const receiverData = (group: MlsGroup): EpochReceiverData => ({
  resumptionPsk: group.keySchedule.resumptionPsk,
  secretTree: group.secretTree,
  ratchetTree: group.ratchetTree,
  senderDataSecret: group.keySchedule.senderDataSecret,
  groupContext: group.groupContext,
});

/** The state of the epoch after this one. */
export function nextGroup(
  group: MlsGroup,
  to: { context: GroupContext; tree: RatchetTree; epoch: Epoch; confirmationTag: Uint8Array; privateKeys: PrivateKeys },
): MlsGroup {
  const past = [...group.historicalReceiverData, [group.groupContext.epoch, receiverData(group)] as const];
  return {
    groupContext: to.context,
    ratchetTree: to.tree,
    keySchedule: to.epoch.keySchedule,
    secretTree: createSecretTree(leafCount(to.tree), to.epoch.encryptionSecret),
    privatePath: { leafIndex: group.privatePath.leafIndex, privateKeys: to.privateKeys },
    signaturePrivateKey: group.signaturePrivateKey,
    unappliedProposals: {},
    confirmationTag: to.confirmationTag,
    historicalReceiverData: new Map(past.slice(-keptEpochs)),
    groupActiveState: { kind: "active" },
  };
}

/**
 * A commit of one's own may wait while messages come and go in the epoch before: this brings what was read and sent there
 * into the waiting state, so that no key is used twice.
 * @param next made from an earlier state of `group` by createGroupCommit
 */
export function catchUp(next: MlsGroup, group: MlsGroup): MlsGroup {
  const { epoch } = group.groupContext;
  const past = new Map([...group.historicalReceiverData, [epoch, receiverData(group)] as const].slice(-keptEpochs));
  return next.groupContext.epoch === epoch + 1n ? { ...next, historicalReceiverData: past } : next;
}
