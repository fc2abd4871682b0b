import type { Core } from "../client/core.ts";
import { cleanLine } from "../conversation/content/text.ts";
import type { VaultOp } from "../store/index.ts";
import type { DeviceInfo } from "../types/devices.ts";
import type { Hex, Millis } from "../types/primitives.ts";
import { maxDeviceName, type Named } from "./named.ts";

/** What this device knows of the person's devices beyond the registry. */
export interface DeviceRecord extends Named {
  lastSeen?: Millis | undefined;
}

const collection = "device";

export const deviceOp = (record: DeviceRecord): VaultOp => ({ collection, key: record.key, value: record });

export const deviceRecord = (core: Core, key: Hex): Promise<DeviceRecord | undefined> =>
  core.vault.get(collection, key);

export const deviceRecords = async (core: Core): Promise<DeviceRecord[]> =>
  (await core.vault.range<DeviceRecord>(collection)).map(({ value }) => value);

/** Names of devices that the registry lists. */
export async function knownNames(core: Core): Promise<Named[]> {
  const listed = core.people.get(core.self.identity.publicId)?.devices ?? [];
  return (await deviceRecords(core))
    .filter(({ key }) => listed.includes(key as Hex))
    .slice(0, 64)
    .map(({ lastSeen: _, ...named }) => named);
}

/** The later name counts; so does the earlier time of joining. A clock that is ahead gains nothing. */
export function merged(before: DeviceRecord | undefined, named: Named, now: Millis): DeviceRecord {
  const at = Math.min(named.at, now);
  const newer = !before || at > before.at;
  const times = [before?.since, named.since].filter((time) => time !== undefined);
  return {
    ...(before ?? named),
    ...(newer ? { name: cleanLine(named.name, maxDeviceName), at } : {}),
    ...(times.length > 0 ? { since: Math.min(...times) } : {}),
  };
}

export function shownDevice(core: Core, key: Hex, record: DeviceRecord | undefined): DeviceInfo {
  const current = key === core.self.identity.deviceKey;
  const since = current ? core.self.claim.issuedAt : record?.since;
  const lastSeen = current ? core.now() : record?.lastSeen;
  return {
    ...{ key, name: record?.name ?? "", current },
    ...(since === undefined ? {} : { since }),
    ...(lastSeen === undefined ? {} : { lastSeen }),
  };
}
