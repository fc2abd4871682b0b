import type { Core } from "../../client/core.ts";
import { throwIfAborted } from "../../errors/index.ts";
import type { BackupInfo } from "../../types/devices.ts";
import type { Millis } from "../../types/primitives.ts";

/** What this device knows of the backup at relays: that there is to be one, and which it made or restored last. */
export interface BackupRecord extends BackupInfo {
  number: number;
  /** The person was told that it is not made anew for now. */
  warned?: boolean;
}

const place = { collection: "settings", key: "relay backup" } as const;

export const loadRecord = (core: Core): Promise<BackupRecord | undefined> =>
  core.vault.get<BackupRecord>(place.collection, place.key);

export const saveRecord = (core: Core, record: BackupRecord): Promise<void> =>
  core.vault.write([{ ...place, value: record }]);

export const forgetRecord = (core: Core): Promise<void> => core.vault.write([{ ...place, delete: true }]);

export async function lastBackup(core: Core): Promise<BackupInfo | undefined> {
  const record = await loadRecord(core);
  if (!record) return undefined;
  const { number: _, warned: __, ...info } = record;
  return info;
}

/** What a relay says of the time until which it keeps something, as far as it can be: a wrong one would end or hurry renewals. */
export const believableEnd = (core: Core, said: Millis, ttlSeconds: number): Millis =>
  Math.min(Math.max(said, core.now()), core.now() + ttlSeconds * 1000);

/** One at a time, and none after the client began to close. @throws SkrumbleError ABORTED */
export const inTurn = <T>(core: Core, task: (signal: AbortSignal) => Promise<T>, signal?: AbortSignal): Promise<T> =>
  core.serial.run("relay backup", async () => {
    const stopped = AbortSignal.any([core.signal, ...(signal ? [signal] : [])]);
    throwIfAborted(stopped);
    return task(stopped);
  });
