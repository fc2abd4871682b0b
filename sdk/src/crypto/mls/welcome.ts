import {
  defaultExtensionTypes,
  encode,
  makeKeyPackageRef,
  mlsMessageEncoder,
  protocolVersions,
  type Welcome,
  wireformats,
} from "ts-mls";
import { type Bytes, concat } from "../bytes.ts";
import { type AeadKey, encryptAead } from "./aead.ts";
import { encodeExtensions, encodeGroupContext, encodeTree } from "./encode.ts";
import { encryptWithLabel, expandWithLabel, signWithLabel } from "./labels.ts";
import type { Applied } from "./proposals.ts";
import { encodePskId, welcomeSecretOf } from "./schedule.ts";
import type { MlsGroup } from "./state.ts";
import { mlsSuite } from "./suite.ts";
import { uint, vector } from "./tls.ts";
import { directPath } from "./tree.ts";

const none = new Uint8Array();

/** Key and nonce of the group info in a welcome (RFC 9420 section 12.4.3.1). */
export const welcomeKeys = (joiner: Uint8Array, psk: Uint8Array): AeadKey => {
  const secret = welcomeSecretOf(joiner, psk);
  return { key: expandWithLabel(secret, "key", none, 16), nonce: expandWithLabel(secret, "nonce", none, 12) };
};

/** For those the commit adds to `next`; undefined when it adds nobody. */
export async function createWelcome(
  next: MlsGroup,
  by: { applied: Applied; joinerSecret: Uint8Array; pskSecret: Uint8Array; secrets: Map<number, Bytes> },
): Promise<Uint8Array | undefined> {
  const { added, pskId } = by.applied;
  if (added.length === 0) return undefined;
  const { hash, id } = await mlsSuite();
  const keys = welcomeKeys(by.joinerSecret, by.pskSecret);
  const encryptedGroupInfo = await encryptAead(keys, none, await groupInfo(next));
  const psks = vector(...(pskId ? [encodePskId(pskId)] : []));
  const secrets = await Promise.all(
    added.map(async ({ leaf, keyPackage }) => {
      const path = directPath(next.ratchetTree, leaf).flatMap((node) => by.secrets.get(node) ?? [])[0];
      const optional = path ? concat(uint(1, 1), vector(path)) : uint(0, 1);
      const plaintext = concat(vector(by.joinerSecret), optional, psks);
      return {
        newMember: await makeKeyPackageRef(keyPackage, hash),
        encryptedGroupSecrets: await encryptWithLabel(keyPackage.initKey, "Welcome", encryptedGroupInfo, plaintext),
      };
    }),
  );
  const welcome: Welcome = { cipherSuite: id, secrets, encryptedGroupInfo };
  return encode(mlsMessageEncoder, {
    ...{ version: protocolVersions.mls10, wireformat: wireformats.mls_welcome, welcome },
  });
}

async function groupInfo(group: MlsGroup): Promise<Bytes> {
  const extensionData = encodeTree(group.ratchetTree);
  const content = concat(
    encodeGroupContext(group.groupContext),
    encodeExtensions([{ extensionType: defaultExtensionTypes.ratchet_tree, extensionData }]),
    vector(group.confirmationTag),
    uint(group.privatePath.leafIndex, 4),
  );
  return concat(content, vector(await signWithLabel(group.signaturePrivateKey, "GroupInfoTBS", content)));
}
