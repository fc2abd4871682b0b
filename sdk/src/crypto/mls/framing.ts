import {
  type Commit,
  type ContentTypeValue,
  contentTypes,
  encode,
  type GroupContext,
  mlsMessageDecoder,
  mlsMessageEncoder,
  type PrivateMessage,
  protocolVersions,
  type SecretTree,
  senderTypes,
  wireformats,
} from "ts-mls";
import { type Bytes, concat, randomBytes, u64 } from "../bytes.ts";
import { type AeadKey, decryptAead, encryptAead } from "./aead.ts";
import { decodeOrUndefined } from "./decode.ts";
import { encodeGroupContext } from "./encode.ts";
import { expandFrom } from "./labels.ts";
import { type MessageKey, nextKey, type Ratchet, takeKey } from "./ratchet.ts";
import { refused } from "./refused.ts";
import { uint, vector, vectorParts } from "./tls.ts";

/** RFC 9420 section 6: how content is signed and encrypted. Nothing is authenticated besides the content itself. */

const none = new Uint8Array();
const version = uint(protocolVersions.mls10, 2);
const wireformat = uint(wireformats.mls_private_message, 2);

/** FramedContent up to the content itself. */
const contentHead = ({ groupId, epoch }: GroupContext, leaf: number, type: ContentTypeValue): Bytes =>
  concat(vector(groupId), u64(epoch), uint(senderTypes.member, 1), uint(leaf, 4), vector(none), uint(type, 1));

/** In parts, as {@link contentToSign} takes it. */
export const applicationContent = (context: GroupContext, leaf: number, data: Uint8Array): Uint8Array[] => [
  contentHead(context, leaf, contentTypes.application),
  ...vectorParts(data),
];

/** FramedContent of a commit; `body` is the Commit in it. */
export function commitContent(context: GroupContext, leaf: number, commit: Commit): { content: Bytes; body: Bytes } {
  const { groupId, epoch } = context;
  const bytes = encode(mlsMessageEncoder, {
    version: protocolVersions.mls10,
    wireformat: wireformats.mls_public_message,
    publicMessage: {
      content: {
        ...{ groupId, epoch, commit },
        sender: { senderType: senderTypes.member, leafIndex: leaf },
        authenticatedData: none,
        contentType: contentTypes.commit,
      },
      auth: { contentType: contentTypes.commit, signature: none, confirmationTag: none },
      senderType: senderTypes.member,
      membershipTag: none,
    },
  });
  // The library encodes a commit only inside a public message: four bytes before it, and three empty vectors behind.
  const content = new Uint8Array(bytes.subarray(4, bytes.length - 3));
  const head = contentHead(context, leaf, contentTypes.commit).length;
  return { content, body: content.slice(head) };
}

/** What is decrypted from a commit message; throws MLS_FAILED when it is not exactly one. */
export function decodeCommit(
  context: GroupContext,
  leaf: number,
  plaintext: Uint8Array,
): { commit: Commit; content: Bytes; signature: Uint8Array; confirmationTag: Uint8Array } {
  const publicHead = concat(version, uint(wireformats.mls_public_message, 2));
  const head = contentHead(context, leaf, contentTypes.commit);
  const message = decodeOrUndefined(mlsMessageDecoder, concat(publicHead, head, plaintext, vector(none)));
  if (message?.wireformat !== wireformats.mls_public_message) throw refused("Not a commit.");
  const { content: framed, auth } = message.publicMessage;
  if (framed.contentType !== contentTypes.commit || auth.contentType !== contentTypes.commit)
    throw refused("Not a commit.");
  const { signature, confirmationTag } = auth;
  const { content, body } = commitContent(context, leaf, framed.commit);
  const length = body.length + vector(signature).length + vector(confirmationTag).length;
  if (plaintext.subarray(length).some((byte) => byte !== 0)) throw refused("Padding that is not zero.");
  return { commit: framed.commit, content, signature, confirmationTag };
}

/** FramedContentTBS (section 6.1), in parts. */
export const contentToSign = (context: GroupContext, ...content: Uint8Array[]): Uint8Array[] => [
  ...[version, wireformat],
  ...content,
  encodeGroupContext(context),
];

const ratchetOf = (type: ContentTypeValue): Ratchet =>
  type === contentTypes.application ? "application" : "handshake";

const aadOf = ({ groupId, epoch }: GroupContext, type: ContentTypeValue): Bytes =>
  concat(vector(groupId), u64(epoch), uint(type, 1));

/** Section 6.3.1: four random bytes, in case a restored device uses a key twice. */
function guarded({ key, nonce }: AeadKey, guard: Uint8Array): AeadKey {
  const out = nonce.slice();
  for (let i = 0; i < 4; i++) out[i] = (out[i] as number) ^ (guard[i] as number);
  return { key, nonce: out };
}

interface Keys {
  context: GroupContext;
  secretTree: SecretTree;
  senderDataSecret: Uint8Array;
}

/** Section 6.3.2. */
export const senderDataKeys = (secret: Uint8Array, ciphertext: Uint8Array): AeadKey => {
  const sample = ciphertext.subarray(0, 32);
  const expand = expandFrom(secret);
  return { key: expand("key", sample, 16), nonce: expand("nonce", sample, 12) };
};

/** Encrypts PrivateMessageContent to an MLSMessage. */
export async function protect(
  { context, secretTree, senderDataSecret }: Keys,
  leaf: number,
  type: ContentTypeValue,
  plaintext: Uint8Array,
): Promise<{ bytes: Bytes; secretTree: SecretTree }> {
  const { tree, key } = nextKey(secretTree, leaf, ratchetOf(type));
  const guard = randomBytes(4);
  const aad = aadOf(context, type);
  const ciphertext = await encryptAead(guarded(key, guard), concat(aad, vector(none)), plaintext);
  const sender = senderDataKeys(senderDataSecret, ciphertext);
  const data = concat(uint(leaf, 4), uint(key.generation, 4), guard);
  const sealed = await encryptAead(sender, aad, data);
  const bytes = concat(version, wireformat, aad, vector(none), vector(sealed), vector(ciphertext));
  return { bytes, secretTree: tree };
}

/** The way back. Throws MLS_FAILED, or whatever the cipher throws. */
export async function unprotect(
  { context, secretTree, senderDataSecret }: Keys,
  message: PrivateMessage,
): Promise<{ leaf: number; plaintext: Uint8Array; secretTree: SecretTree }> {
  const { contentType, ciphertext, encryptedSenderData, authenticatedData } = message;
  if (authenticatedData.length > 0) throw refused("Authenticated data this network does not use.");
  const aad = aadOf(context, contentType);
  const sender = senderDataKeys(senderDataSecret, ciphertext);
  const data = await decryptAead(sender, aad, encryptedSenderData);
  if (data.length !== 12) throw refused("Not sender data.");
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  const leaf = view.getUint32(0);
  if (leaf >= secretTree.leafWidth) throw refused("No such leaf.");
  const { tree, key }: { tree: SecretTree; key: MessageKey } = takeKey(
    secretTree,
    leaf,
    ratchetOf(contentType),
    view.getUint32(4),
  );
  const plaintext = await decryptAead(guarded(key, data.subarray(8)), concat(aad, vector(none)), ciphertext);
  return { leaf, plaintext, secretTree: tree };
}
