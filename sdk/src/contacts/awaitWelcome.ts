import type { Core } from "../client/core.ts";
import { codeOf, SkrumbleError } from "../errors/index.ts";
import type { PublicId } from "../types/primitives.ts";
import { acceptRequest } from "./accept.ts";
import { noteAccept } from "./acceptLimit.ts";

/** Long enough for the other side to see our request and answer it. */
const patience = 30_000;

/**
 * Two people have asked each other and the other one's welcome is due, because theirs is the lower public ID. When none
 * comes, their request is accepted here. Ours stays open: should their welcome come after all, it replaces this session
 * on both sides.
 */
export function awaitWelcome(core: Core, publicId: PublicId): void {
  const timer = setTimeout(() => {
    if (core.signal.aborted) return;
    core.serial
      .run(`contact ${publicId}`, async () => {
        const contact = core.book.get(publicId);
        if (!contact?.received || !contact.sent || contact.state === "blocked") return;
        await acceptRequest(core, contact, { open: [contact.sent, ...(contact.earlier ?? [])] });
        noteAccept(core, publicId);
      })
      .catch((error) => {
        if (core.signal.aborted) return;
        if (error instanceof SkrumbleError && error.category === "network") awaitWelcome(core, publicId);
        else core.problem(codeOf(error));
      });
  }, patience);
  core.signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
}

/** After a start, for what an earlier run was waiting for. */
export function resumeWelcomes(core: Core): void {
  for (const { publicId, received, sent } of core.book.all()) if (received && sent) awaitWelcome(core, publicId);
}
