import { contentTypes, pskTypes } from "ts-mls";
import { describe, expect, test } from "vitest";
import basics from "../../../../test/vectors/mls/crypto-basics.json" with { type: "json" };
import schedule from "../../../../test/vectors/mls/key-schedule.json" with { type: "json" };
import protection from "../../../../test/vectors/mls/message-protection.json" with { type: "json" };
import psks from "../../../../test/vectors/mls/psk-secret.json" with { type: "json" };
import secretTree from "../../../../test/vectors/mls/secret-tree.json" with { type: "json" };
import treekem from "../../../../test/vectors/mls/treekem.json" with { type: "json" };
import { concat, fromHex, toHexString, u32 } from "../../../src/crypto/bytes.ts";
import { decodeTree } from "../../../src/crypto/mls/decodeTree.ts";
import { encodeGroupContext, encodeTree, leafToSign } from "../../../src/crypto/mls/encode.ts";
import {
  applicationContent,
  commitContent,
  contentToSign,
  decodeCommit,
  protect,
  senderDataKeys,
  unprotect,
} from "../../../src/crypto/mls/framing.ts";
import {
  decryptWithLabel,
  deriveSecret,
  encryptWithLabel,
  expandWithLabel,
  signWithLabel,
  verifyWithLabel,
} from "../../../src/crypto/mls/labels.ts";
import { privateMessage } from "../../../src/crypto/mls/message.ts";
import { climb, placePath, readPath } from "../../../src/crypto/mls/path.ts";
import { createSecretTree, takeKey } from "../../../src/crypto/mls/ratchet.ts";
import { epochOfJoiner, joinerSecretOf, pskSecretOf, welcomeSecretOf } from "../../../src/crypto/mls/schedule.ts";
import { reader, uint, vector } from "../../../src/crypto/mls/tls.ts";
import { rootHash } from "../../../src/crypto/mls/treeHash.ts";
import { checkParentHashes } from "../../../src/crypto/mls/validateTree.ts";
import { must } from "./devices.ts";

const hex = (bytes: Uint8Array): string => toHexString(bytes);
const lower = (text: string): string => text.toLowerCase();
/** That version of the file writes keys as vectors. */
const key = (text: string): Uint8Array => fromHex(text.slice(2));

describe("test vectors of the MLS working group, cipher suite 1", () => {
  test("labelled functions", async () => {
    const { derive_secret, derive_tree_secret, encrypt_with_label, expand_with_label, sign_with_label } = basics;
    expect(hex(deriveSecret(fromHex(derive_secret.secret), derive_secret.label))).toBe(derive_secret.out);
    const tree = derive_tree_secret;
    const at = u32(tree.generation);
    expect(hex(expandWithLabel(fromHex(tree.secret), tree.label, at, tree.length))).toBe(tree.out);
    const { secret, label, context, length, out } = expand_with_label;
    expect(hex(expandWithLabel(fromHex(secret), label, fromHex(context), length))).toBe(out);
    const sign = sign_with_label;
    const signature = await signWithLabel(key(sign.priv), sign.label, fromHex(sign.content));
    expect(hex(signature)).toBe(sign.signature);
    expect(await verifyWithLabel(key(sign.pub), sign.label, fromHex(sign.content), fromHex(sign.signature))).toBe(true);
    const seal = encrypt_with_label;
    const sealed = { kemOutput: fromHex(seal.kem_output), ciphertext: fromHex(seal.ciphertext) };
    const info = fromHex(seal.context);
    expect(hex(await decryptWithLabel(key(seal.priv), seal.label, info, sealed))).toBe(seal.plaintext);
    const again = await encryptWithLabel(key(seal.pub), seal.label, info, fromHex(seal.plaintext));
    expect(hex(await decryptWithLabel(key(seal.priv), seal.label, info, again))).toBe(seal.plaintext);
  });

  test("pre-shared keys", () => {
    for (const { psks: list, psk_secret } of psks.cases) {
      const [first] = list;
      const id = first && {
        psktype: pskTypes.external,
        pskId: fromHex(first.psk_id),
        pskNonce: fromHex(first.psk_nonce),
      };
      const psk = first && { id: fromHex(first.psk_id), secret: fromHex(first.psk) };
      expect(hex(pskSecretOf(id, psk))).toBe(psk_secret);
    }
  });

  test("key schedule", async () => {
    let init = fromHex(schedule.initial_init_secret);
    for (const [i, epoch] of schedule.epochs.entries()) {
      const context = {
        version: 1 as const,
        cipherSuite: 1,
        groupId: fromHex(schedule.group_id),
        epoch: BigInt(i),
        treeHash: fromHex(epoch.tree_hash),
        confirmedTranscriptHash: fromHex(epoch.confirmed_transcript_hash),
        extensions: [],
      };
      expect(hex(encodeGroupContext(context))).toBe(lower(epoch.group_context));
      const psk = fromHex(epoch.psk_secret);
      const joiner = joinerSecretOf(init, fromHex(epoch.commit_secret), context);
      expect(hex(joiner)).toBe(lower(epoch.joiner_secret));
      expect(hex(welcomeSecretOf(joiner, psk))).toBe(lower(epoch.welcome_secret));
      const { keySchedule, encryptionSecret } = epochOfJoiner(joiner, psk, context);
      expect(hex(encryptionSecret)).toBe(lower(epoch.encryption_secret));
      const secrets = {
        init_secret: keySchedule.initSecret,
        sender_data_secret: keySchedule.senderDataSecret,
        exporter_secret: keySchedule.exporterSecret,
        epoch_authenticator: keySchedule.epochAuthenticator,
        external_secret: keySchedule.externalSecret,
        confirmation_key: keySchedule.confirmationKey,
        membership_key: keySchedule.membershipKey,
        resumption_psk: keySchedule.resumptionPsk,
      };
      for (const [name, value] of Object.entries(secrets)) {
        expect(hex(value), name).toBe(lower(epoch[name as keyof typeof secrets]));
      }
      init = fromHex(epoch.init_secret);
    }
  });

  test("secret tree and sender data", () => {
    const { sender_data, leaves, n_leaves } = secretTree;
    const sender = senderDataKeys(fromHex(sender_data.sender_data_secret), fromHex(sender_data.ciphertext));
    expect({ key: hex(sender.key), nonce: hex(sender.nonce) }).toEqual({
      key: sender_data.key,
      nonce: sender_data.nonce,
    });
    let tree = createSecretTree(n_leaves, fromHex(secretTree.encryption_secret));
    for (const [i, leaf] of leaves.entries()) {
      const application = takeKey(tree, i, "application", leaf.generation);
      const handshake = takeKey(application.tree, i, "handshake", leaf.generation);
      tree = handshake.tree;
      expect(hex(application.key.key)).toBe(leaf.application_key);
      expect(hex(application.key.nonce)).toBe(leaf.application_nonce);
      expect(hex(handshake.key.key)).toBe(leaf.handshake_key);
      expect(hex(handshake.key.nonce)).toBe(leaf.handshake_nonce);
    }
  });

  test("message protection", async () => {
    const context = {
      version: 1 as const,
      cipherSuite: 1,
      groupId: fromHex(protection.group_id),
      epoch: BigInt(protection.epoch),
      treeHash: fromHex(protection.tree_hash),
      confirmedTranscriptHash: fromHex(protection.confirmed_transcript_hash),
      extensions: [],
    };
    const secretTree = createSecretTree(2, fromHex(protection.encryption_secret));
    const keys = { context, secretTree, senderDataSecret: fromHex(protection.sender_data_secret) };
    const signatureKey = fromHex(protection.signature_pub);
    const verified = (content: Uint8Array[], signature: Uint8Array): Promise<boolean> =>
      verifyWithLabel(signatureKey, "FramedContentTBS", contentToSign(context, ...content), signature);
    const open = async (message: string) => unprotect(keys, must(privateMessage(fromHex(message))));

    const application = await open(protection.application_priv);
    const content = reader(application.plaintext);
    const body = content.vector();
    expect(hex(body)).toBe(protection.application);
    expect(await verified(applicationContent(context, application.leaf, body), content.vector())).toBe(true);

    const { leaf, plaintext } = await open(protection.commit_priv);
    const decoded = decodeCommit(context, leaf, plaintext);
    expect(hex(commitContent(context, leaf, decoded.commit).body)).toBe(protection.commit);
    expect(await verified([decoded.content], decoded.signature)).toBe(true);
    const again = await protect(keys, 1, contentTypes.commit, plaintext);
    const round = await unprotect(keys, must(privateMessage(again.bytes)));
    expect(hex(round.plaintext)).toBe(hex(plaintext));
  });

  test("TreeKEM: everybody reads every update path", async () => {
    for (const one of treekem.cases) {
      const context = {
        version: 1 as const,
        cipherSuite: 1,
        groupId: fromHex(one.group_id),
        epoch: BigInt(one.epoch),
        treeHash: new Uint8Array(),
        confirmedTranscriptHash: fromHex(one.confirmed_transcript_hash),
        extensions: [],
      };
      const tree = decodeTree(context, fromHex(one.ratchet_tree));
      expect(hex(encodeTree(tree))).toBe(one.ratchet_tree);
      checkParentHashes(tree, new Map());
      for (const { sender, update_path, tree_hash_after, commit_secret } of one.update_paths) {
        const plaintext = concat(vector(), uint(1, 1), fromHex(update_path), vector(), vector());
        const path = must(decodeCommit(context, sender, plaintext).commit.path);
        const after = tree.slice();
        const steps = placePath(after, sender, path);
        expect(hex(rootHash(after))).toBe(tree_hash_after);
        checkParentHashes(after, new Map());
        const { signaturePublicKey, signature } = path.leafNode;
        const signed = leafToSign(path.leafNode, context.groupId, sender);
        expect(await verifyWithLabel(signaturePublicKey, "LeafNodeTBS", signed, signature)).toBe(true);
        for (const { index, encryption_priv, path_secrets } of one.leaves_private) {
          if (index === sender) continue;
          let known: Record<number, Uint8Array> = { [index * 2]: fromHex(encryption_priv) };
          for (const { node, path_secret } of path_secrets) {
            const { privateKeys } = await climb(tree, [{ node, sibling: node, reach: [] }], fromHex(path_secret));
            known = { ...known, ...privateKeys };
          }
          const next = { ...context, treeHash: rootHash(after) };
          const read = await readPath(after, { own: index, known, steps, path, added: [], context: next });
          expect(hex(read.commitSecret)).toBe(commit_secret);
        }
      }
    }
  });
});
