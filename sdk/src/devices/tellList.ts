import type { Core } from "../client/core.ts";
import { fromHex, toHex } from "../crypto/bytes.ts";
import { deviceRoot } from "../identity/deviceRoot.ts";
import { sealController } from "./controller.ts";
import { ownName, tellOwnDevices } from "./notes.ts";

/**
 * Tells one's other devices, those that were removed among them, that the list in the registry is another one: they look
 * for themselves. @param controller whether the key that changes it is new too: those who are left get it
 */
export async function tellList(core: Core, { controller }: { controller: boolean }): Promise<void> {
  const { identity, controller: key } = core.self;
  const devices = core.people.get(identity.publicId)?.devices ?? [];
  const others = controller && key ? devices.filter((device) => device !== identity.deviceKey) : [];
  await tellOwnDevices(core, await ownName(core), {
    root: toHex(deviceRoot(devices.map(fromHex))),
    controllers: await Promise.all(others.map((device) => sealController(key as `0x${string}`, device))),
  });
}
