import type { Core } from "../client/core.ts";
import { cleanLine } from "../conversation/content/text.ts";
import { SkrumbleError } from "../errors/index.ts";
import type { Hex } from "../types/primitives.ts";
import { deviceRecord } from "./book.ts";
import { maxDeviceName } from "./named.ts";
import { saveDevices, tellOwnDevices } from "./notes.ts";

/** @throws SkrumbleError INPUT_INVALID, DEVICE_UNKNOWN */
export async function renameDevice(core: Core, key: Hex, typed: string): Promise<void> {
  const name = deviceNameOf(typed);
  const before = await deviceRecord(core, key);
  if (!before && key !== core.self.identity.deviceKey) throw new SkrumbleError("DEVICE_UNKNOWN");
  const record = { ...(before ?? { key }), name, at: Math.max(core.now(), (before?.at ?? 0) + 1) };
  await saveDevices(core, [record]);
  await tellOwnDevices(core, [record]);
}

/** @throws SkrumbleError INPUT_INVALID */
export function deviceNameOf(typed: string): string {
  const name = cleanLine(typed, maxDeviceName);
  if (typed.length > maxDeviceName || name === "")
    throw new SkrumbleError("INPUT_INVALID", { details: "The device's name." });
  return name;
}
