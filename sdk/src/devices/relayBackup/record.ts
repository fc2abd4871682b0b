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

/** Of a new one, that the person asked for: a deletion that still waited is not wanted any more. */
export const saveMade = (core: Core, record: BackupRecord): Promise<void> =>
  core.vault.write([
    { ...place, value: record },
    { ...dropPlace, delete: true },
  ]);

export const forgetRecord = (core: Core): Promise<void> => core.vault.write([{ ...place, delete: true }]);

/** A deletion that was begun and is not done. */
export interface PendingDrop {
  /** All up to this number. */
  number: number;
  /** Its word is at a relay: what is newer was made by somebody who knew. */
  said: boolean;
}

const dropPlace = { collection: "settings", key: "relay backup drop" } as const;

export const loadDrop = (core: Core): Promise<PendingDrop | undefined> =>
  core.vault.get<PendingDrop>(dropPlace.collection, dropPlace.key);

/** From here on this device makes none anew, however long the deletion takes. */
export const saveDrop = (core: Core, drop: PendingDrop): Promise<void> =>
  core.vault.write([
    { ...dropPlace, value: drop },
    { ...place, delete: true },
  ]);

export const endDrop = (core: Core): Promise<void> => core.vault.write([{ ...dropPlace, delete: true }]);

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
