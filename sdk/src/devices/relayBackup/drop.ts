import type { Core } from "../../client/core.ts";
import { findBackups } from "./find.ts";
import { openBackupBox } from "./pieces.ts";
import { forgetRecord, inTurn } from "./record.ts";

/**
 * Ends the renewals of this device and deletes what relays have; one that is away has it until its time is over.
 * @throws SkrumbleError RELAY_NONE, NETWORK_UNREACHABLE, RELAY_REFUSED, RELAY_LIED, CLIENT_CLOSED
 */
export const dropBackup = (core: Core): Promise<void> =>
  inTurn(core, async (signal) => {
    await forgetRecord(core);
    const box = await openBackupBox(core.self.identityKey.secret, core.now());
    const { upTo } = await findBackups(core, box, signal);
    await core.pool.dropStored(box.owner, upTo, { signal });
  });
