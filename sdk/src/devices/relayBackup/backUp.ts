import type { Core } from "../../client/core.ts";
import type { BackupInfo, HistoryOptions } from "../../types/devices.ts";
import { findBackups } from "./find.ts";
import { makeBackup } from "./make.ts";
import { inTurn } from "./record.ts";

/**
 * Puts a backup into a mailbox of the person's own. The index goes last and what was there before is deleted after it, so
 * there is a whole one at any moment.
 * @throws SkrumbleError BACKUP_OVER_TIER, what `readAllowance` throws, RELAY_MAILBOX_FULL, RELAY_NONE, NETWORK_UNREACHABLE, RELAY_REFUSED, RELAY_LIED, ABORTED, CLIENT_CLOSED
 */
export const backUp = (core: Core, options: HistoryOptions = {}): Promise<BackupInfo> =>
  inTurn(
    core,
    async (signal) => makeBackup(core, await findBackups(core, signal), { ...options, signal }),
    options.signal,
  );
