import { readDevices } from "../chain/actions/readDevices.ts";
import type { Core } from "../client/core.ts";
import type { Envelope } from "../conversation/envelope.ts";
import { openHandshake, pairSecret, type RequestBody } from "../conversation/handshake.ts";
import { equalBytes, fromBase64Url, fromHex, randomBytes, toHex, toHexString } from "../crypto/bytes.ts";
import { groupMembers, joinPairGroup } from "../crypto/mls/group.ts";
import { decodeKeyPackage } from "../crypto/mls/keyPackage.ts";
import { SkrumbleError } from "../errors/index.ts";
import { readPeer, verifyPeer } from "../identity/verifyPeer.ts";
import type { PublicId } from "../types/primitives.ts";
import { acceptRequest } from "./accept.ts";
import type { ContactRecord } from "./book.ts";
import { openSession } from "./openSession.ts";

type Handshake = Exclude<Envelope, { kind: "mls" }>;

/** Strangers can fill this list; it must not grow for ever. */
const maxOpenRequests = 200;

/**
 * Takes a request, welcome or decline. Nothing in it is believed before the signature, the registry and the device list
 * agree. @throws SkrumbleError; network and device errors mean "later", all others "never"
 */
export async function receiveHandshake(core: Core, envelope: Handshake): Promise<void> {
  const own = core.self.identity.publicId;
  const { from } = openHandshake<Handshake["kind"]>(envelope.kind, envelope, own);
  if (from === own || core.book.get(from)?.state === "blocked") return;
  await core.serial.run(`contact ${from}`, async () => {
    if (envelope.kind === "request") await receiveRequest(core, openHandshake("request", envelope, own));
    else if (envelope.kind === "welcome") await receiveWelcome(core, envelope);
    else await receiveDecline(core, envelope);
  });
}

async function receiveRequest(core: Core, request: RequestBody): Promise<void> {
  const known = core.book.get(request.from);
  if (known?.done.includes(request.nonce) || known?.received?.nonce === request.nonce) return;
  const keyPackage = fromBase64Url(request.keyPackage);
  const { claim } = decodeKeyPackage(keyPackage);
  if (!equalBytes(claim.publicId, fromHex(request.from))) throw new SkrumbleError("ENVELOPE_INVALID");
  const open = core.book.all().filter(({ state }) => state === "request-received").length;
  if (!known && open >= maxOpenRequests) return;
  const { record } = await verifyPeer(core.chain, request.from, claim.deviceKey, core.signal);
  const { nonce, sentAt } = request;
  const contact: ContactRecord = {
    publicId: request.from,
    pseudonym: record.name,
    state: "request-received",
    since: core.now(),
    verified: false,
    agreementKey: record.agreementKey,
    done: [],
    ...known,
    received: { nonce, keyPackage: request.keyPackage, sentAt },
  };
  // Another device of a contact, or one that lost its state: the two have agreed to talk already.
  if (known?.state === "connected") return void (await acceptRequest(core, contact));
  if (known?.state === "request-sent") {
    // Both asked at once. The lower public ID makes the group, so that there is only one.
    if (core.self.identity.publicId < request.from) await acceptRequest(core, contact);
    return;
  }
  await core.book.save({ ...contact, state: "request-received", ...(request.note ? { note: request.note } : {}) });
}

async function receiveWelcome(core: Core, envelope: Handshake): Promise<void> {
  const own = core.self.identity.publicId;
  const body = openHandshake("welcome", envelope, own);
  const contact = core.book.get(body.from);
  if (!contact?.sent || contact.sent.nonce !== body.requestNonce) return;
  const record = await readPeer(core.chain, body.from, core.signal);
  const group = await joinPairGroup({
    own: fromBase64Url(contact.sent.keyPackage),
    welcome: fromBase64Url(body.welcome),
    expected: new Map([
      [own, [core.self.deviceKey.public]],
      [body.from, await readDevices(core.chain, record, core.signal)],
    ]),
    psk: pairSecret({
      agreementSecret: core.self.agreementKey.secret,
      peerAgreementKey: record.agreementKey,
      publicIds: [own, body.from],
      requestNonce: body.requestNonce,
      nonce: body.nonce,
    }),
  });
  const peer = groupMembers(group).find(({ publicId }) => toHex(publicId) === body.from);
  if (!peer || core.threads.byRoute(body.route)) throw new SkrumbleError("ENVELOPE_INVALID");
  await openSession(core, {
    contact: { ...contact, done: [...contact.done, body.requestNonce] },
    peer: record,
    conversationId: contact.conversationId ?? freeConversationId(core, body.conversationId, body.from),
    route: body.route,
    device: toHex(peer.deviceKey),
    group,
    creator: false,
  });
}

/** Nobody may choose an id that leads into a conversation with somebody else. */
function freeConversationId(core: Core, proposed: string, from: PublicId): string {
  const taken = core.threads.get(proposed);
  return taken && taken.publicId !== from ? toHexString(randomBytes(16)) : proposed;
}

async function receiveDecline(core: Core, envelope: Handshake): Promise<void> {
  const { from, requestNonce } = openHandshake("decline", envelope, core.self.identity.publicId);
  const contact = core.book.get(from);
  if (contact?.state !== "request-sent" || contact.sent?.nonce !== requestNonce) return;
  const { sent: _, ...rest } = contact;
  await core.book.save({ ...rest, state: "declined", since: core.now() });
}
