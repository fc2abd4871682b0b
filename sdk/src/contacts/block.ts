import type { Core } from "../client/core.ts";
import { SkrumbleError } from "../errors/index.ts";
import type { PublicId } from "../types/primitives.ts";

/** From now on everything this person sends is dropped unread. They are not told. @throws SkrumbleError CONTACT_UNKNOWN */
export async function blockContact(core: Core, publicId: PublicId): Promise<void> {
  await core.serial.run(`contact ${publicId}`, async () => {
    const contact = core.book.get(publicId);
    if (!contact) throw new SkrumbleError("CONTACT_UNKNOWN");
    const { sent: _, earlier: __, late: ___, received, ...rest } = contact;
    const done = received ? [...rest.done, received.nonce] : rest.done;
    await core.book.save({ ...rest, state: "blocked", since: core.now(), done });
  });
}

/** Takes the block back. Without a conversation the contact is forgotten. @throws SkrumbleError CONTACT_UNKNOWN */
export async function unblockContact(core: Core, publicId: PublicId): Promise<void> {
  await core.serial.run(`contact ${publicId}`, async () => {
    const contact = core.book.get(publicId);
    if (contact?.state !== "blocked") throw new SkrumbleError("CONTACT_UNKNOWN");
    if (contact.conversationId) await core.book.save({ ...contact, state: "connected", since: core.now() });
    else await core.book.remove(publicId);
  });
}
