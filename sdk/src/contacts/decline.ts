import type { Core } from "../client/core.ts";
import { encodeEnvelope } from "../conversation/envelope.ts";
import { signHandshake } from "../conversation/handshake.ts";
import { SkrumbleError } from "../errors/index.ts";
import type { PublicId } from "../types/primitives.ts";
import { handshakeTtlSeconds } from "./request.ts";

/** Turns a request down and tells the sender. @throws SkrumbleError CONTACT_NO_REQUEST, STORE_FAILED */
export async function declineRequest(core: Core, publicId: PublicId): Promise<void> {
  await core.serial.run(`contact ${publicId}`, async () => {
    const contact = core.book.get(publicId);
    if (contact?.state !== "request-received" || !contact.received) throw new SkrumbleError("CONTACT_NO_REQUEST");
    const { received, ...rest } = contact;
    const body = { v: 1 as const, from: core.self.identity.publicId, requestNonce: received.nonce };
    const envelope = signHandshake("decline", publicId, body, core.self.identityKey.secret);
    const sending = await core.outbox.prepare({
      to: [contact],
      body: encodeEnvelope(envelope),
      expiresAt: core.now() + handshakeTtlSeconds * 1000,
    });
    await core.book.save({ ...rest, state: "declined", since: core.now(), done: [...rest.done, received.nonce] }, [
      sending.op,
    ]);
    core.outbox.send(sending);
  });
}
