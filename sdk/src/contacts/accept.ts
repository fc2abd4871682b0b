import type { Core } from "../client/core.ts";
import { encodeEnvelope } from "../conversation/envelope.ts";
import { encodeState, lastingOf } from "../conversation/group/state.ts";
import { pairSecret, signHandshake } from "../conversation/handshake.ts";
import { orderRelays } from "../conversation/order/orderRelays.ts";
import { fromBase64Url, randomBytes, toBase64Url, toHexString } from "../crypto/bytes.ts";
import { createMlsGroup } from "../crypto/mls/create.ts";
import { createKeyPackage, decodeKeyPackage } from "../crypto/mls/keyPackage.ts";
import { SkrumbleError } from "../errors/index.ts";
import { verifyPeer } from "../identity/verifyPeer.ts";
import type { ConversationId } from "../types/primitives.ts";
import type { ContactRecord, SentRequest } from "./book.ts";
import { openSession } from "./openSession.ts";
import { handshakeTtlSeconds } from "./request.ts";

/**
 * Accepts the request in a contact: makes the group, and sends the welcome. Inside the contact's lane.
 * @param options.open own requests whose answers still count
 * @throws SkrumbleError CONTACT_NO_REQUEST, IDENTITY_CHANGED, IDENTITY_REVOKED, PERSON_NOT_FOUND, MLS_FAILED, QUORUM_FAILED,
 * CHAIN_UNREACHABLE, STORE_FAILED
 */
export async function acceptRequest(
  core: Core,
  contact: ContactRecord,
  { open = [] }: { open?: SentRequest[] } = {},
): Promise<ConversationId> {
  const request = contact.received;
  if (!request) throw new SkrumbleError("CONTACT_NO_REQUEST");
  const { publicId } = contact;
  const peerKeyPackage = fromBase64Url(request.keyPackage);
  const { claim } = decodeKeyPackage(peerKeyPackage);
  const peer = await verifyPeer(core.chain, publicId, claim.deviceKey, core.signal);
  const own = core.self.identity.publicId;
  const nonce = toHexString(randomBytes(32));
  const conversationId = contact.conversationId ?? toHexString(randomBytes(16));
  const { group, welcome } = await createMlsGroup({
    own: await createKeyPackage(core.self.claim, core.self.deviceKey.secret, core.now()),
    groupState: encodeState({
      v: 1,
      kind: "pair",
      order: orderRelays(core, conversationId),
      people: { [own]: "owner", [publicId]: "owner" },
      ...lastingOf(core.threads.get(conversationId)?.state),
    }),
    add: [peerKeyPackage],
    expected: new Map([
      [own, [core.self.deviceKey.public]],
      [publicId, peer.devices],
    ]),
    psk: pairSecret({
      agreementSecret: core.self.agreementKey.secret,
      peerAgreementKey: peer.record.agreementKey,
      publicIds: [own, publicId],
      requestNonce: request.nonce,
      nonce,
    }),
  });
  if (!welcome) throw new SkrumbleError("MLS_FAILED", { details: "No welcome was made." });
  const route = toHexString(randomBytes(16));
  const envelope = signHandshake(
    "welcome",
    publicId,
    { v: 1, from: own, requestNonce: request.nonce, nonce, conversationId, route, welcome: toBase64Url(welcome) },
    core.self.identityKey.secret,
  );
  const sending = await core.outbox.prepare({
    to: [{ publicId, agreementKey: peer.record.agreementKey }],
    body: encodeEnvelope(envelope),
    expiresAt: core.now() + handshakeTtlSeconds * 1000,
  });
  await openSession(core, {
    contact: { ...contact, done: [...contact.done, request.nonce] },
    peer,
    conversationId,
    route,
    group,
    creator: true,
    open,
    also: [sending.op],
  });
  core.outbox.send(sending);
  return conversationId;
}
