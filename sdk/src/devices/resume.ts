import type { Core } from "../client/core.ts";
import { SkrumbleError } from "../errors/index.ts";
import { enterConversations, enteringIdle } from "./enter.ts";
import { lookForDevices, tellPresence } from "./notes.ts";
import { sendingIdle, startSending } from "./send.ts";
import { loadSends } from "./sendRecord.ts";

/** After a start: goes on with what an earlier run did not finish, and looks which devices there are. */
export async function resumeDevices(core: Core): Promise<void> {
  for (const record of await loadSends(core)) startSending(core, record);
  enterConversations(core, { widely: true });
  try {
    await lookForDevices(core, 60_000);
    await tellPresence(core);
  } catch (error) {
    // There is another start, and the list is read anew whenever somebody asks for it.
    if (!core.signal.aborted && !(error instanceof SkrumbleError && error.category === "network")) throw error;
  }
}

/** Resolves when none of it is under way; after the client began to close. */
export async function devicesIdle(core: Core): Promise<void> {
  await sendingIdle(core);
  await enteringIdle(core);
}
