import { type GroupContext, type KeySchedule, type PskId, pskTypes } from "ts-mls";
import { type Bytes, concat, equalBytes } from "../bytes.ts";
import { sha256 } from "../hash.ts";
import { encodeGroupContext } from "./encode.ts";
import { deriveSecret, expandWithLabel, extract } from "./labels.ts";
import { refused } from "./refused.ts";
import { uint, vector } from "./tls.ts";

const zeros = new Uint8Array(32);

/** A key known to both sides beforehand that a commit mixes in (section 8.4). */
export interface PairSecret {
  /** Public name of the key, the same on both sides. */
  id: Uint8Array;
  secret: Uint8Array;
}

export interface Epoch {
  keySchedule: KeySchedule;
  encryptionSecret: Bytes;
}

/** RFC 9420 section 8. */
export const joinerSecretOf = (init: Uint8Array, commit: Uint8Array, context: GroupContext): Bytes =>
  expandWithLabel(extract(init, commit), "joiner", encodeGroupContext(context), 32);

/** Section 8, from the joiner secret on: what a new member knows too. */
export const welcomeSecretOf = (joiner: Uint8Array, psk: Uint8Array): Bytes =>
  deriveSecret(extract(joiner, psk), "welcome");

export const epochOfJoiner = (joiner: Uint8Array, psk: Uint8Array, context: GroupContext): Epoch =>
  epochOfSecret(expandWithLabel(extract(joiner, psk), "epoch", encodeGroupContext(context), 32));

export function epochOfSecret(epoch: Uint8Array): Epoch {
  return {
    encryptionSecret: deriveSecret(epoch, "encryption"),
    keySchedule: {
      senderDataSecret: deriveSecret(epoch, "sender data"),
      exporterSecret: deriveSecret(epoch, "exporter"),
      externalSecret: deriveSecret(epoch, "external"),
      confirmationKey: deriveSecret(epoch, "confirm"),
      membershipKey: deriveSecret(epoch, "membership"),
      resumptionPsk: deriveSecret(epoch, "resumption"),
      epochAuthenticator: deriveSecret(epoch, "authentication"),
      initSecret: deriveSecret(epoch, "init"),
    },
  };
}

/** The interim hash after one commit, and from it the confirmed hash after the next (section 8.2). */
export const interimHash = (confirmed: Uint8Array, confirmationTag: Uint8Array): Bytes =>
  sha256(confirmed, vector(confirmationTag));

/** @param content FramedContent of the commit */
export const confirmedHash = (interim: Uint8Array, content: Uint8Array, signature: Uint8Array): Bytes =>
  sha256(interim, uint(2, 2), content, vector(signature));

export function encodePskId(id: PskId): Bytes {
  if (id.psktype !== pskTypes.external) throw refused("Only external pre-shared keys are used.");
  return concat(uint(id.psktype, 1), vector(id.pskId), vector(id.pskNonce));
}

/** Section 8.4, for at most one key: zeros without one. */
export function pskSecretOf(id: PskId | undefined, psk: PairSecret | undefined): Bytes {
  if (!id) return zeros;
  if (id.psktype !== pskTypes.external || !psk || !equalBytes(id.pskId, psk.id))
    throw refused("An unknown pre-shared key.");
  const label = concat(encodePskId(id), uint(0, 2), uint(1, 2));
  return extract(expandWithLabel(extract(zeros, psk.secret), "derived psk", label, 32), zeros);
}
