import type { Core } from "../../client/core.ts";
import { SkrumbleError } from "../../errors/index.ts";
import type { BackupInfo, RestoreOptions } from "../../types/devices.ts";
import { restoreHistory } from "../restoreHistory.ts";
import { findBackups } from "./find.ts";
import { believableEnd, inTurn, loadDrop, loadRecord, saveRecord } from "./record.ts";

/**
 * Takes in the newest backup that relays have whole, all of them together.
 * @throws SkrumbleError BACKUP_NOT_FOUND (no relay that answered has one), BACKUP_INCOMPLETE (parts are missing at all of them),
 * BACKUP_OUTDATED (this device knows of a newer one; `older` takes it all the same), BACKUP_INVALID, RELAY_NONE,
 * NETWORK_UNREACHABLE, RELAY_REFUSED, RELAY_LIED, ABORTED, CLIENT_CLOSED
 */
export const restoreBackup = (core: Core, options: RestoreOptions = {}): Promise<{ made: BackupInfo["at"] }> =>
  inTurn(
    core,
    async (signal) => {
      const { box, backups } = await findBackups(core, signal);
      if (backups.length === 0) throw new SkrumbleError("BACKUP_NOT_FOUND");
      const whole = backups.find(({ file }) => file);
      if (!whole?.file) throw new SkrumbleError("BACKUP_INCOMPLETE");
      const known = (await loadRecord(core))?.number ?? 0;
      const newest = Math.max(known, backups[0]?.index.number ?? 0);
      if (whole.index.number < newest && !options.older) throw new SkrumbleError("BACKUP_OUTDATED");
      const { onProgress } = options;
      await restoreHistory(core, whole.file, { signal, ...(onProgress ? { onProgress } : {}) });
      const { number, made, ttl, done, total } = whole.index;
      // Its deletion waits: it is taken in and not renewed.
      if (await loadDrop(core)) return { made };
      // The device that made it may be gone: from now on this one renews it too.
      await saveRecord(core, {
        ...{ number, at: Math.min(made, core.now()), expiresAt: believableEnd(core, whole.storedAt + ttl * 1000, ttl) },
        ...{ relays: whole.relays.length, of: core.pool.relaysFor(box.mailbox).length, messages: { done, total } },
      });
      return { made };
    },
    options.signal,
  );
