import { nodeTypes, protocolVersions, type RatchetTree } from "ts-mls";
import type { Millis } from "../../types/primitives.ts";
import { randomBytes } from "../bytes.ts";
import { hmacSha256 } from "../hash.ts";
import { createGroupCommit } from "./commit.ts";
import type { ExpectedMembers } from "./credential.ts";
import { groupStateExtensions } from "./extension.ts";
import { decodeOwnKeyPackage, type OwnKeyPackage } from "./keyPackage.ts";
import { createSecretTree } from "./ratchet.ts";
import { typed } from "./refused.ts";
import { epochOfSecret, type PairSecret } from "./schedule.ts";
import type { MlsGroup } from "./state.ts";
import { mlsSuite } from "./suite.ts";
import { rootHash } from "./treeHash.ts";

export interface CreateInput {
  own: OwnKeyPackage;
  /** What the group agrees on besides its members: at most 48 KiB. */
  groupState: Uint8Array;
  /** Key packages. */
  add: Uint8Array[];
  expected: ExpectedMembers;
  psk?: PairSecret;
  /** See GroupChange. */
  now?: Millis;
}

/**
 * Makes a group of this device (RFC 9420 section 11). Whoever is to be added, and the secret to be mixed in, go into a
 * first commit that is applied at once: nobody else is there to race. @throws SkrumbleError MLS_FAILED
 */
export const createMlsGroup = (input: CreateInput): Promise<{ group: MlsGroup; welcome?: Uint8Array }> =>
  typed(async () => {
    const { own, groupState, ...change } = input;
    const group = await startGroup(own, groupState);
    if (change.add.length === 0 && !change.psk) return { group };
    const { next, welcome } = await createGroupCommit(group, change);
    // Nobody else was in the first epoch, so nothing of it will ever be read.
    return { group: { ...next, historicalReceiverData: new Map() }, ...(welcome ? { welcome } : {}) };
  });

async function startGroup(own: OwnKeyPackage, groupState: Uint8Array): Promise<MlsGroup> {
  const { keyPackage, privateKeys } = decodeOwnKeyPackage(own.private);
  const tree: RatchetTree = [{ nodeType: nodeTypes.leaf, leaf: keyPackage.leafNode }];
  const { keySchedule, encryptionSecret } = epochOfSecret(randomBytes(32));
  const nothing = new Uint8Array();
  return {
    groupContext: {
      version: protocolVersions.mls10,
      cipherSuite: (await mlsSuite()).id,
      groupId: randomBytes(16),
      epoch: 0n,
      treeHash: rootHash(tree),
      confirmedTranscriptHash: nothing,
      extensions: groupStateExtensions(groupState),
    },
    ratchetTree: tree,
    keySchedule,
    secretTree: createSecretTree(1, encryptionSecret),
    privatePath: { leafIndex: 0, privateKeys: { 0: privateKeys.hpkePrivateKey } },
    signaturePrivateKey: privateKeys.signaturePrivateKey,
    unappliedProposals: {},
    confirmationTag: hmacSha256(keySchedule.confirmationKey, nothing),
    historicalReceiverData: new Map(),
    groupActiveState: { kind: "active" },
  };
}
