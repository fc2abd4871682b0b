import type { Core } from "../../client/core.ts";
import { SkrumbleError } from "../../errors/index.ts";
import type { ConversationId } from "../../types/primitives.ts";
import { parseGroupLink } from "../group/link.ts";
import { knock } from "./knocks.ts";
import { linkProof } from "./link.ts";

/**
 * Knocks at everybody the link names; one is enough. @throws SkrumbleError LINK_INVALID, PERSON_NOT_FOUND (nobody of them
 * is there any more), and what the registry fails with
 */
export async function joinByLink(core: Core, text: string): Promise<{ conversationId: ConversationId; name: string }> {
  const link = parseGroupLink(text);
  if (!link) throw new SkrumbleError("LINK_INVALID");
  const { conversationId, name, invite, admins } = link;
  const thread = core.threads.get(conversationId);
  if (thread && !thread.left) return { conversationId, name: thread.state.name ?? name };
  const own = core.self.identity.publicId;
  const proof = (nonce: string) => linkProof(invite, conversationId, own, nonce);
  const knocked = await Promise.allSettled(
    admins.filter((publicId) => publicId !== own).map((publicId) => knock(core, publicId, conversationId, { proof })),
  );
  const failed = knocked.find((one) => one.status === "rejected");
  if (!knocked.some((one) => one.status === "fulfilled")) {
    throw failed?.reason ?? new SkrumbleError("PERSON_NOT_FOUND");
  }
  return { conversationId, name };
}
