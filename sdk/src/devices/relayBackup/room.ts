import { MAX_TTL_SECONDS } from "../../protocol/index.ts";
import type { BackupRoom, Entitlements } from "../../types/client.ts";

/** With the backup that it replaces, and one more that another device is writing, it fits the 64 MiB of a mailbox. */
export const maxBackupBytes = 20 * 1024 * 1024;
const maxDays = MAX_TTL_SECONDS / 86_400;

/** Of what a tier stores, the part that a backup can use. */
export const backupRoom = ({ storageBytes, storageDays }: Entitlements): BackupRoom => ({
  bytes: Number(storageBytes < BigInt(maxBackupBytes) ? storageBytes : BigInt(maxBackupBytes)),
  days: Math.min(storageDays, maxDays),
});
