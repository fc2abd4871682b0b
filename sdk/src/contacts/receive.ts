import type { Core } from "../client/core.ts";
import { receiveLeave } from "../conversation/commit/receiveLeave.ts";
import { settle } from "../conversation/commit/settle.ts";
import { receiveInvite } from "../conversation/entry/invite.ts";
import { receiveEntry } from "../conversation/entry/receiveEntry.ts";
import { receiveKnock } from "../conversation/entry/receiveKnock.ts";
import { receiveRefusal } from "../conversation/entry/refuse.ts";
import type { Envelope } from "../conversation/envelope.ts";
import { openHandshake, type RequestBody } from "../conversation/handshake.ts";
import { liveSession } from "../conversation/transmit.ts";
import { equalBytes, fromBase64Url, fromHex, toHex } from "../crypto/bytes.ts";
import { decodeKeyPackage } from "../crypto/mls/keyPackage.ts";
import { receiveDeviceNote } from "../devices/notes.ts";
import { SkrumbleError } from "../errors/index.ts";
import { registryTries, verifyPeer } from "../identity/verifyPeer.ts";
import type { Hex, PublicId } from "../types/primitives.ts";
import { acceptRequest } from "./accept.ts";
import { mayAccept, noteAccept } from "./acceptLimit.ts";
import { awaitWelcome } from "./awaitWelcome.ts";
import type { ContactRecord } from "./book.ts";
import { receiveWelcome } from "./receiveWelcome.ts";
import { isWorkDone } from "./work.ts";

export type Handshake = Extract<Envelope, { signature: Uint8Array }>;

/** Strangers can fill this list; it must not grow for ever. */
const maxOpenRequests = 200;

/** What one's own other devices may say. */
const amongOwn: ReadonlySet<Handshake["kind"]> = new Set(["knock", "entry", "invite", "device"]);

/** Who signed it. Undefined when it is nobody to listen to: a wrong signature, oneself, or somebody who is blocked. */
export function senderOf(core: Pick<Core, "self" | "book">, envelope: Handshake): PublicId | undefined {
  const own = core.self.identity.publicId;
  try {
    const { from } = openHandshake<Handshake["kind"]>(envelope.kind, envelope, own);
    if (from === own && !amongOwn.has(envelope.kind)) return undefined;
    return core.book.get(from)?.state === "blocked" ? undefined : from;
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
    switch (envelope.kind) {
      case "request":
        return receiveRequest(core, openHandshake("request", envelope, own));
      case "welcome":
        return receiveWelcome(core, envelope);
      case "decline":
        return receiveDecline(core, envelope);
      case "invite":
        return receiveInvite(core, openHandshake("invite", envelope, own));
      case "knock":
        return receiveKnock(core, openHandshake("knock", envelope, own));
      case "entry":
        return receiveEntry(core, openHandshake("entry", envelope, own));
      case "refusal":
        return receiveRefusal(core, openHandshake("refusal", envelope, own));
      case "leave":
        return receiveLeave(core, openHandshake("leave", envelope, own));
      case "device":
        return receiveDeviceNote(core, openHandshake("device", envelope, own));
    }
  });
}

async function receiveRequest(core: Core, request: RequestBody): Promise<void> {
  const known = core.book.get(request.from);
  if (known?.done.includes(request.nonce) || known?.received?.nonce === request.nonce) return;
  if (known?.state === "connected" && !mayAccept(core, request.from)) return;
  // One hash, before anything is looked up for somebody nobody knows.
  const own = core.self.identity.publicId;
  const cheap = !request.work || !isWorkDone(request.from, own, { nonce: request.nonce, work: request.work });
  if (cheap && !isFamiliar(core.book, request.from)) throw new SkrumbleError("ENVELOPE_INVALID");
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
  if (contact.state === "connected" && !contact.sent && !request.renew && (await letIn(core, contact, request))) return;
  // The same, seen from the lower one; or a contact that wants a new group: the two have agreed to talk already.
  if (contact.sent || contact.state === "connected") {
    await acceptRequest(core, contact);
    return noteAccept(core, request.from);
  }
  await core.book.save({ ...contact, state: "request-received", ...(request.note ? { note: request.note } : {}) });
}

/** Another device of a contact, or one that lost its state, comes into the group that the two have. */
async function letIn(core: Core, contact: ContactRecord, { nonce, keyPackage }: RequestBody): Promise<boolean> {
  const id = contact.conversationId;
  const thread = id === undefined ? undefined : core.threads.get(id);
  if (!thread || !liveSession(thread)) return false;
  const device = toHex(decodeKeyPackage(fromBase64Url(keyPackage)).claim.deviceKey) as Hex;
  const { received: _, ...kept } = contact;
  const { op, written } = core.book.prepare({ ...kept, done: [...kept.done, nonce] });
  await core.intents.add(thread.id, [{ kind: "add", publicId: contact.publicId, keyPackage, device, nonce }], [op]);
  written();
  noteAccept(core, contact.publicId);
  settle(core, thread.id);
  return true;
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

async function receiveDecline(core: Core, envelope: Handshake): Promise<void> {
  const { from, requestNonce } = openHandshake("decline", envelope, core.self.identity.publicId);
  const contact = core.book.get(from);
  if (contact?.state !== "request-sent" || contact.sent?.nonce !== requestNonce) return;
  const { sent: _, earlier: __, ...rest } = contact;
  await core.book.save({ ...rest, state: "declined", since: core.now() });
}
