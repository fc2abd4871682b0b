import { readDevices } from "../chain/actions/readDevices.ts";
import type { IdentityRecord } from "../chain/types.ts";
import type { Core } from "../client/core.ts";
import type { Envelope } from "../conversation/envelope.ts";
import { openHandshake, pairSecret, type RequestBody, type WelcomeBody } from "../conversation/handshake.ts";
import { equalBytes, fromBase64Url, fromHex, randomBytes, toHex, toHexString } from "../crypto/bytes.ts";
import { groupMembers, joinPairGroup, type MlsGroup } from "../crypto/mls/group.ts";
import { decodeKeyPackage } from "../crypto/mls/keyPackage.ts";
import { codeOf, SkrumbleError } from "../errors/index.ts";
import { readPeer, registryPause, registryTries, verifyPeer } from "../identity/verifyPeer.ts";
import type { PublicId } from "../types/primitives.ts";
import { acceptRequest } from "./accept.ts";
import { mayAccept, noteAccept } from "./acceptLimit.ts";
import { awaitWelcome } from "./awaitWelcome.ts";
import type { ContactRecord } from "./book.ts";
import { openReplaced } from "./openReplaced.ts";
import { openSession } from "./openSession.ts";

type Handshake = Exclude<Envelope, { kind: "mls" }>;

/** Strangers can fill this list; it must not grow for ever. */
const maxOpenRequests = 200;

/** Who signed it. Undefined when it is nobody to listen to: a wrong signature, oneself, or somebody who is blocked. */
export function senderOf(core: Pick<Core, "self" | "book">, envelope: Handshake): PublicId | undefined {
  const own = core.self.identity.publicId;
  try {
    const { from } = openHandshake<Handshake["kind"]>(envelope.kind, envelope, own);
    return from === own || core.book.get(from)?.state === "blocked" ? undefined : from;
  } catch {
    return undefined;
  }
}

/** Somebody one talks to or has asked, unlike those who have only asked. */
export function isFamiliar(book: Pick<Core["book"], "get">, publicId: PublicId): boolean {
  const known = book.get(publicId);
  return known?.state === "connected" || known?.state === "request-sent" || known?.conversationId !== undefined;
}

/**
 * Takes a request, welcome or decline. Nothing in it is believed before the signature, the registry and the device list
 * agree. @throws SkrumbleError; whether it is worth another try is decided by parked.ts
 */
export async function receiveHandshake(core: Core, envelope: Handshake): Promise<void> {
  const own = core.self.identity.publicId;
  const from = senderOf(core, envelope);
  if (!from) return;
  await core.serial.run(`contact ${from}`, async () => {
    // It may have waited for the lane while the person blocked them.
    if (core.book.get(from)?.state === "blocked") return;
    if (envelope.kind === "request") await receiveRequest(core, openHandshake("request", envelope, own));
    else if (envelope.kind === "welcome") await receiveWelcome(core, envelope);
    else await receiveDecline(core, envelope);
  });
}

async function receiveRequest(core: Core, request: RequestBody): Promise<void> {
  const known = core.book.get(request.from);
  if (known?.done.includes(request.nonce) || known?.received?.nonce === request.nonce) return;
  if (known?.state === "connected" && !mayAccept(core, request.from)) return;
  const keyPackage = fromBase64Url(request.keyPackage);
  const { claim } = decodeKeyPackage(keyPackage);
  if (!equalBytes(claim.publicId, fromHex(request.from))) throw new SkrumbleError("ENVELOPE_INVALID");
  // A stranger may not make this wait: what the registry does not show yet is parked and tried again later.
  const tries = isFamiliar(core.book, request.from) ? registryTries : 1;
  const { record } = await verifyPeer(core.chain, request.from, claim.deviceKey, core.signal, tries);
  if (!known) makeRoom(core);
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
  if (contact.sent && core.self.identity.publicId > request.from) {
    // Both asked at once. The lower public ID makes the group, so that there is only one; but it may never have heard of
    // our request.
    await core.book.save(contact);
    return awaitWelcome(core, request.from);
  }
  // The same, seen from the lower one; or another device of a contact, or one that lost its state: the two have agreed to
  // talk already.
  if (contact.sent || contact.state === "connected") {
    await acceptRequest(core, contact);
    return noteAccept(core, request.from);
  }
  await core.book.save({ ...contact, state: "request-received", ...(request.note ? { note: request.note } : {}) });
}

/** The newest is what the person may be waiting for: of too many the one that was left unanswered longest goes. */
function makeRoom(core: Core): void {
  const open = core.book.all().filter(({ state }) => state === "request-received");
  if (open.length < maxOpenRequests) return;
  const oldest = open.filter((one) => !one.conversationId).sort((a, b) => a.since - b.since)[0];
  if (!oldest) return;
  // In that person's own lane, because one may be accepting them now; not waited for, because we are in another lane.
  void core.serial
    .run(`contact ${oldest.publicId}`, async () => {
      if (core.book.get(oldest.publicId)?.state === "request-received") await core.book.remove(oldest.publicId);
    })
    .catch(() => undefined);
}

async function receiveWelcome(core: Core, envelope: Handshake): Promise<void> {
  const body = openHandshake("welcome", envelope, core.self.identity.publicId);
  const contact = core.book.get(body.from);
  const requests = contact?.sent ? [contact.sent, ...(contact.earlier ?? [])] : [];
  const at = requests.findIndex(({ nonce }) => nonce === body.requestNonce);
  const late = contact?.late?.find(({ nonce, until }) => nonce === body.requestNonce && core.now() < until);
  const request = requests[at] ?? late;
  if (!contact || !request) return;
  const { group, record } = await join(core, body, fromBase64Url(request.keyPackage));
  const peer = groupMembers(group).find(({ publicId }) => toHex(publicId) === body.from);
  if (!peer || core.threads.byRoute(body.route)) throw new SkrumbleError("ENVELOPE_INVALID");
  const device = toHex(peer.deviceKey);
  if (late) return openReplaced(core, { contact, nonce: late.nonce, route: body.route, device, group });
  await openSession(core, {
    contact: { ...contact, done: [...contact.done, body.requestNonce] },
    peer: record,
    conversationId: contact.conversationId ?? freeConversationId(core, body.conversationId, body.from),
    route: body.route,
    device,
    group,
    creator: false,
    // The other side answers in order: what it says to a newer request replaces this, what it said to an older one is past.
    open: requests.slice(0, at),
  });
}

/** A device that accepted right after it was enrolled may take a block to show. */
async function join(
  core: Core,
  body: WelcomeBody,
  keyPackage: Uint8Array,
): Promise<{ group: MlsGroup; record: IdentityRecord }> {
  const own = core.self.identity.publicId;
  for (let at = 1; ; at++) {
    const record = await readPeer(core.chain, body.from, core.signal);
    const devices = await readDevices(core.chain, record, core.signal);
    try {
      const group = await joinPairGroup({
        own: keyPackage,
        welcome: fromBase64Url(body.welcome),
        expected: new Map([
          [own, [core.self.deviceKey.public]],
          [body.from, devices],
        ]),
        psk: pairSecret({
          agreementSecret: core.self.agreementKey.secret,
          peerAgreementKey: record.agreementKey,
          publicIds: [own, body.from],
          requestNonce: body.requestNonce,
          nonce: body.nonce,
        }),
      });
      return { group, record };
    } catch (error) {
      if (codeOf(error) !== "MLS_FAILED") throw error;
      if (at >= registryTries) {
        throw new SkrumbleError("IDENTITY_CHANGED", {
          details: "The welcome does not fit the registry.",
          cause: error,
        });
      }
    }
    await new Promise((resolve) => setTimeout(resolve, registryPause));
  }
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
  const { sent: _, earlier: __, ...rest } = contact;
  await core.book.save({ ...rest, state: "declined", since: core.now() });
}
