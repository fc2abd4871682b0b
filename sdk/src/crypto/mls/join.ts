import {
  defaultExtensionTypes,
  type GroupInfo,
  type KeyPackage,
  makeKeyPackageRef,
  mlsMessageDecoder,
  type RatchetTree,
  type Welcome,
  wireformats,
} from "ts-mls";
import { concat, equalBytes } from "../bytes.ts";
import { hmacSha256 } from "../hash.ts";
import { decryptAead } from "./aead.ts";
import type { ExpectedMembers } from "./credential.ts";
import { decodeOrUndefined } from "./decode.ts";
import { decodeTree } from "./decodeTree.ts";
import { encodeLeaf } from "./encode.ts";
import { stateOfExtensions } from "./extension.ts";
import { decodeGroupSecrets, type GroupSecrets } from "./groupSecrets.ts";
import { decodeOwnKeyPackage, type OwnKeyPackage } from "./keyPackage.ts";
import { decryptWithLabel, verifyWithLabel } from "./labels.ts";
import { climb, type PrivateKeys } from "./path.ts";
import { createSecretTree } from "./ratchet.ts";
import { refused, typed } from "./refused.ts";
import { epochOfJoiner, type PairSecret, pskSecretOf } from "./schedule.ts";
import type { MlsGroup } from "./state.ts";
import { mlsSuite } from "./suite.ts";
import { uint, vector } from "./tls.ts";
import { covers, filteredPath, leafAt, leafCount, leafNode } from "./tree.ts";
import { checkTree } from "./validateTree.ts";
import { welcomeKeys } from "./welcome.ts";

export interface JoinInput {
  own: OwnKeyPackage["private"];
  welcome: Uint8Array;
  expected: ExpectedMembers;
  /** Without it a welcome that asks for one is refused, and with it one that does not. */
  psk?: PairSecret;
}

/**
 * Joins the group a welcome leads to (RFC 9420 section 12.4.3.1). Every leaf is checked against `expected`; that the
 * people are those one wants to talk to is for the caller to check. @throws SkrumbleError MLS_FAILED
 */
export const joinMlsGroup = (input: JoinInput): Promise<MlsGroup> => typed(() => join(input));

async function join({ own, welcome, expected, psk }: JoinInput): Promise<MlsGroup> {
  const message = decodeOrUndefined(mlsMessageDecoder, welcome);
  if (message?.wireformat !== wireformats.mls_welcome) throw refused("Not a welcome.");
  const { keyPackage, privateKeys } = decodeOwnKeyPackage(own);
  const secrets = await openSecrets(message.welcome, keyPackage, privateKeys.initPrivateKey);
  if (Boolean(psk) !== Boolean(secrets.pskId)) throw refused("A welcome with another pre-shared key.");
  const pskSecret = pskSecretOf(secrets.pskId, psk);
  const keys = welcomeKeys(secrets.joinerSecret, pskSecret);
  const bytes = await decryptAead(keys, new Uint8Array(), message.welcome.encryptedGroupInfo);
  const { info, tree } = await readGroupInfo(bytes, keyPackage);
  const { groupContext, confirmationTag, signer } = info;
  await checkTree(tree, groupContext, expected);
  const epoch = epochOfJoiner(secrets.joinerSecret, pskSecret, groupContext);
  const { confirmedTranscriptHash } = groupContext;
  if (!equalBytes(hmacSha256(epoch.keySchedule.confirmationKey, confirmedTranscriptHash), confirmationTag)) {
    throw refused("A welcome that does not confirm its epoch.");
  }
  const leafIndex = ownLeaf(tree, keyPackage);
  return {
    ...{ groupContext, confirmationTag, ratchetTree: tree, keySchedule: epoch.keySchedule },
    secretTree: createSecretTree(leafCount(tree), epoch.encryptionSecret),
    privatePath: {
      leafIndex,
      privateKeys: {
        ...(await pathKeys(tree, leafIndex, signer, secrets.pathSecret)),
        [leafNode(leafIndex)]: privateKeys.hpkePrivateKey,
      },
    },
    signaturePrivateKey: privateKeys.signaturePrivateKey,
    unappliedProposals: {},
    historicalReceiverData: new Map(),
    groupActiveState: { kind: "active" },
  };
}

async function openSecrets(welcome: Welcome, keyPackage: KeyPackage, initKey: Uint8Array): Promise<GroupSecrets> {
  const { hash, id } = await mlsSuite();
  const ref = await makeKeyPackageRef(keyPackage, hash);
  const own = welcome.secrets.find(({ newMember }) => equalBytes(newMember, ref));
  if (!own || welcome.cipherSuite !== id) throw refused("A welcome for somebody else.");
  return decodeGroupSecrets(
    await decryptWithLabel(initKey, "Welcome", welcome.encryptedGroupInfo, own.encryptedGroupSecrets),
  );
}

async function readGroupInfo(
  bytes: Uint8Array,
  keyPackage: KeyPackage,
): Promise<{ info: GroupInfo; tree: RatchetTree }> {
  const head = concat(uint(1, 2), uint(wireformats.mls_group_info, 2));
  const message = decodeOrUndefined(mlsMessageDecoder, concat(head, bytes));
  if (message?.wireformat !== wireformats.mls_group_info) throw refused("Not a group info.");
  const info = message.groupInfo;
  const { version, cipherSuite, extensions } = info.groupContext;
  if (version !== keyPackage.version || cipherSuite !== keyPackage.cipherSuite || !stateOfExtensions(extensions)) {
    throw refused("Not a group of this network.");
  }
  const [only] = info.extensions;
  if (info.extensions.length !== 1 || only?.extensionType !== defaultExtensionTypes.ratchet_tree) {
    throw refused("A group info without its tree.");
  }
  const tree = decodeTree(info.groupContext, only.extensionData as Uint8Array);
  const signer = leafAt(tree, info.signer);
  const content = bytes.subarray(0, bytes.length - vector(info.signature).length);
  if (!signer || !(await verifyWithLabel(signer.signaturePublicKey, "GroupInfoTBS", content, info.signature))) {
    throw refused("A group info nobody in the group signed.");
  }
  return { info, tree };
}

function ownLeaf(tree: RatchetTree, { leafNode: own }: KeyPackage): number {
  const bytes = encodeLeaf(own);
  for (let leaf = 0; leaf < leafCount(tree); leaf++) {
    const found = leafAt(tree, leaf);
    if (found && equalBytes(encodeLeaf(found), bytes)) return leaf;
  }
  throw refused("A group without this device.");
}

/** The keys above this device that the committer made together with the welcome. */
async function pathKeys(
  tree: RatchetTree,
  own: number,
  signer: number,
  secret: Uint8Array | undefined,
): Promise<PrivateKeys> {
  if (!secret) return {};
  const steps = filteredPath(tree, signer);
  return (await climb(tree, steps.slice(steps.findIndex(({ node }) => covers(node, own))), secret)).privateKeys;
}
