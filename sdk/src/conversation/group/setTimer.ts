import type { Core } from "../../client/core.ts";
import { SkrumbleError } from "../../errors/index.ts";
import type { ConversationId } from "../../types/primitives.ts";
import { settle } from "../commit/settle.ts";
import { checked } from "./create.ts";
import { isAdmin } from "./state.ts";

/** New messages disappear so many seconds after they were seen. @throws SkrumbleError CONVERSATION_UNKNOWN, GROUP_LEFT, GROUP_NOT_ADMIN, GROUP_BUSY, INPUT_INVALID */
export async function setTimer(core: Core, id: ConversationId, seconds: number): Promise<void> {
  const thread = core.threads.get(id);
  if (!thread) throw new SkrumbleError("CONVERSATION_UNKNOWN");
  if (thread.left) throw new SkrumbleError("GROUP_LEFT");
  if (!isAdmin(thread.state, core.self.identity.publicId)) throw new SkrumbleError("GROUP_NOT_ADMIN");
  checked({ ...thread.state, timer: seconds });
  await core.intents.add(id, [{ kind: "settings", patch: { timer: seconds === 0 ? null : seconds } }]);
  settle(core, id);
}
