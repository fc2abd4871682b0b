import type { EpochReceiverData, GenerationSecret, KeySchedule, SecretTree, SecretTreeNode } from "ts-mls";
import { type Bytes, concat, u64, utf8 } from "../bytes.ts";
import { encodeGroupContext, encodeTree, remembered } from "./encode.ts";
import type { MlsGroup } from "./state.ts";
import { uint, vector } from "./tls.ts";

/**
 * The bytes ts-mls's clientStateDecoder reads. Written here because states are stored often: what stays as it was (the
 * trees above all) is encoded once.
 */
export const encodeState = (group: MlsGroup): Bytes =>
  concat(
    encodeGroupContext(group.groupContext),
    encodeTree(group.ratchetTree),
    encodeSchedule(group.keySchedule),
    encodeSecretTree(group.secretTree),
    uint(group.privatePath.leafIndex, 4),
    record(group.privatePath.privateKeys, vector),
    vector(group.signaturePrivateKey),
    // Proposals waiting for a commit: there are none in this network.
    vector(),
    vector(group.confirmationTag),
    vector(...[...group.historicalReceiverData].map(([epoch, data]) => concat(u64(epoch), encodePast(data)))),
    vector(utf8(group.groupActiveState.kind)),
  );

const record = <T>(entries: Record<number, T>, encode: (value: T) => Uint8Array): Bytes =>
  vector(...Object.entries(entries).flatMap(([key, value]) => [uint(Number(key), 4), encode(value)]));

const encodeSchedule = (schedule: KeySchedule): Bytes =>
  concat(
    vector(schedule.senderDataSecret),
    vector(schedule.exporterSecret),
    vector(schedule.externalSecret),
    vector(schedule.confirmationKey),
    vector(schedule.membershipKey),
    vector(schedule.resumptionPsk),
    vector(schedule.epochAuthenticator),
    vector(schedule.initSecret),
  );

const encodeRatchet = ({ secret, generation, unusedGenerations }: GenerationSecret): Bytes =>
  concat(vector(secret), uint(generation, 4), record(unusedGenerations, vector));

export const encodeInnerNodes = ({ leafWidth, intermediateNodes }: SecretTree): Bytes =>
  concat(uint(leafWidth, 4), record(intermediateNodes, vector));

const encodeSecretTree = (tree: SecretTree): Bytes =>
  concat(encodeInnerNodes(tree), record(tree.leafNodes, encodeRatchets));

export const encodeRatchets = remembered((node: SecretTreeNode) =>
  concat(encodeRatchet(node.handshake), encodeRatchet(node.application)),
);

const encodePast = remembered((past: EpochReceiverData) =>
  concat(
    vector(past.resumptionPsk),
    encodeSecretTree(past.secretTree),
    encodeTree(past.ratchetTree),
    vector(past.senderDataSecret),
    encodeGroupContext(past.groupContext),
  ),
);
