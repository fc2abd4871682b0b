import { contentTypes, mlsMessageDecoder, type PrivateMessage, wireformats } from "ts-mls";
import { concat, equalBytes } from "../bytes.ts";
import type { DeviceClaim } from "./credential.ts";
import { decodeOrUndefined } from "./decode.ts";
import { applicationContent, contentToSign, protect, unprotect } from "./framing.ts";
import { signWithLabel, verifyWithLabel } from "./labels.ts";
import { refused, typed } from "./refused.ts";
import { claimAt, type MlsGroup } from "./state.ts";
import { reader, vector } from "./tls.ts";

/** Undefined when the bytes are no PrivateMessage. */
export function privateMessage(bytes: Uint8Array): PrivateMessage | undefined {
  const message = decodeOrUndefined(mlsMessageDecoder, bytes);
  return message?.wireformat === wireformats.mls_private_message ? message.privateMessage : undefined;
}

export interface MessageHead {
  groupId: Uint8Array;
  epoch: bigint;
  kind: "application" | "commit";
}

/** What is written on the outside of a message, believed by nobody before it is decrypted. Undefined when it is none. */
export function peekMessage(bytes: Uint8Array): MessageHead | undefined {
  const message = privateMessage(bytes);
  if (!message || message.contentType === contentTypes.proposal) return undefined;
  const { groupId, epoch } = message;
  return { groupId, epoch, kind: message.contentType === contentTypes.commit ? "commit" : "application" };
}

/**
 * Encrypts as a PrivateMessage (RFC 9420 section 6.3). The old state stays usable, for when the new one cannot be kept
 * (full disk). @throws SkrumbleError MLS_FAILED
 */
export const encryptMessage = (group: MlsGroup, body: Uint8Array): Promise<{ group: MlsGroup; message: Uint8Array }> =>
  typed(async () => {
    if (group.groupActiveState.kind !== "active") throw refused("Not a member any more.");
    const { groupContext: context, secretTree, signaturePrivateKey } = group;
    const leaf = group.privatePath.leafIndex;
    const toSign = contentToSign(context, ...applicationContent(context, leaf, body));
    const signature = await signWithLabel(signaturePrivateKey, "FramedContentTBS", toSign);
    const keys = { context, secretTree, senderDataSecret: group.keySchedule.senderDataSecret };
    const sent = await protect(keys, leaf, contentTypes.application, concat(vector(body), vector(signature)));
    return { group: { ...group, secretTree: sent.secretTree }, message: sent.bytes };
  });

/**
 * What became of an incoming message. `unreadable`: broken, or decrypted before. `unknown-epoch`: of an epoch that is not
 * here (yet), too old, or of another group. `commit`: for readGroupCommit, when its epoch is the present one.
 */
export type Decrypted =
  | { kind: "message"; group: MlsGroup; body: Uint8Array; sender: DeviceClaim; epoch: bigint }
  | { kind: "unreadable" }
  | { kind: "unknown-epoch"; epoch: bigint }
  | { kind: "commit"; epoch: bigint };

/** Decrypts a message of this epoch or of one of the last four. */
export async function decryptMessage(group: MlsGroup, bytes: Uint8Array): Promise<Decrypted> {
  const message = privateMessage(bytes);
  if (!message || message.contentType === contentTypes.proposal) return { kind: "unreadable" };
  const { groupId, epoch } = message;
  const past = group.historicalReceiverData.get(epoch);
  const current = epoch === group.groupContext.epoch;
  if (!equalBytes(groupId, group.groupContext.groupId) || !(current || past)) return { kind: "unknown-epoch", epoch };
  if (message.contentType === contentTypes.commit) return { kind: "commit", epoch };
  try {
    if (current || !past) {
      const { groupContext, ratchetTree, secretTree, keySchedule } = group;
      const { senderDataSecret } = keySchedule;
      const read = await open({ groupContext, ratchetTree, secretTree, senderDataSecret }, message);
      return { kind: "message", group: { ...group, secretTree: read.secretTree }, ...read.message, epoch };
    }
    const read = await open(past, message);
    const historicalReceiverData = new Map(group.historicalReceiverData);
    historicalReceiverData.set(epoch, { ...past, secretTree: read.secretTree });
    return { kind: "message", group: { ...group, historicalReceiverData }, ...read.message, epoch };
  } catch {
    return { kind: "unreadable" };
  }
}

type Opening = Pick<MlsGroup, "groupContext" | "ratchetTree" | "secretTree"> & { senderDataSecret: Uint8Array };

async function open({ groupContext: context, ratchetTree, ...keys }: Opening, message: PrivateMessage) {
  const { leaf, plaintext, secretTree } = await unprotect({ context, ...keys }, message);
  const sender = claimAt(ratchetTree, leaf);
  if (!sender) throw refused("A message of nobody.");
  const content = reader(plaintext);
  const body = content.vector();
  const signature = content.vector();
  while (!content.done()) if (content.byte() !== 0) throw refused("Padding that is not zero.");
  const signed = contentToSign(context, ...applicationContent(context, leaf, body));
  if (!(await verifyWithLabel(sender.deviceKey, "FramedContentTBS", signed, signature))) {
    throw refused("A message its sender did not sign.");
  }
  return { secretTree, message: { body, sender } };
}
