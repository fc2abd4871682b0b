import type { Core } from "../client/core.ts";
import { encodeEnvelope } from "../conversation/envelope.ts";
import { type DeviceBody, signHandshake } from "../conversation/handshake.ts";
import { concat, fromBase64Url, fromHex, toBase64Url, toHex, u64, utf8 } from "../crypto/bytes.ts";
import { sign, verify } from "../crypto/keys.ts";
import { SkrumbleError } from "../errors/index.ts";
import { deviceRoot } from "../identity/deviceRoot.ts";
import { registryPause, registryTries } from "../identity/verifyPeer.ts";
import type { Hex } from "../types/primitives.ts";
import { type DeviceRecord, deviceOp, deviceRecord, deviceRecords, merged, shownDevice } from "./book.ts";
import { receiveController, type SealedController } from "./controller.ts";
import type { Named } from "./named.ts";

/** What one's devices tell each other: sealed to oneself, signed by identity and device. */

const ttlSeconds = 30 * 86_400;
/** A device says that it is there no more often than this. */
const presenceEvery = 12 * 3_600_000;
/** What the registry said of oneself is believed for so long. */
const fresh = 15_000;
const lastNote = { collection: "settings", key: "device note" } as const;

/** What a note says beside names: the list in the registry has this root now, and its key is another one. */
export interface ListNote {
  root: Hex;
  controllers: SealedController[];
}

const signed = (at: number, names: readonly Named[], list: ListNote | undefined) =>
  concat(
    utf8("skrumble device note v1"),
    u64(at),
    utf8(JSON.stringify(names)),
    utf8(list ? JSON.stringify([list.root, ...list.controllers.map(({ to, sealed }) => [to, sealed])]) : ""),
  );

/** Tells one's other devices, those that come later included for as long as relays keep it. */
export async function tellOwnDevices(core: Core, names: readonly Named[], list?: ListNote): Promise<void> {
  const { identity, identityKey, agreementKey, deviceKey } = core.self;
  const at = core.now();
  const kept = names.map(({ key, name, at, since }) => ({ key, name, at, ...(since === undefined ? {} : { since }) }));
  const envelope = signHandshake(
    "device",
    identity.publicId,
    {
      ...{ v: 1, from: identity.publicId, by: identity.deviceKey, at, names: kept },
      ...(list ? { list } : {}),
      signature: toBase64Url(sign(deviceKey.secret, signed(at, kept, list))),
    },
    identityKey.secret,
  );
  const sending = await core.outbox.prepare({
    to: [{ publicId: identity.publicId, agreementKey: toHex(agreementKey.public) }],
    body: encodeEnvelope(envelope),
    expiresAt: at + ttlSeconds * 1000,
  });
  await core.vault.write([sending.op, { ...lastNote, value: at }]);
  core.outbox.send(sending);
}

/** After a start: this device is in use. */
export async function tellPresence(core: Core): Promise<void> {
  const last = await core.vault.get<number>(lastNote.collection, lastNote.key);
  const listed = core.people.get(core.self.identity.publicId)?.devices ?? [];
  if (listed.length < 2 || (last !== undefined && core.now() - last < presenceEvery)) return;
  await tellSelf(core);
}

/** That this device is there, and what it is called. */
export const tellSelf = async (core: Core): Promise<void> => tellOwnDevices(core, await ownName(core));

export async function ownName(core: Core): Promise<Named[]> {
  const key = core.self.identity.deviceKey;
  const { name = "", at = 0 } = (await deviceRecord(core, key)) ?? {};
  return [{ key, name, at, since: core.self.claim.issuedAt }];
}

/** @throws SkrumbleError ENVELOPE_INVALID, IDENTITY_CHANGED (the registry does not list it), and what the registry fails with */
export async function receiveDeviceNote(core: Core, { by, at, names, list, signature }: DeviceBody): Promise<void> {
  if (by === core.self.identity.deviceKey) return;
  if (!verify(fromHex(by), signed(at, names, list), fromBase64Url(signature)))
    throw new SkrumbleError("ENVELOPE_INVALID");
  let { devices } = await core.people.load(core.self.identity.publicId, fresh);
  if (!devices.includes(by)) ({ devices } = await core.people.load(core.self.identity.publicId, 0));
  if (!devices.includes(by))
    throw new SkrumbleError("IDENTITY_CHANGED", { details: "The device is not in the registry." });
  if (list) devices = [...(await followList(core, list))];
  const speaker = await deviceRecord(core, by);
  const seen = Math.max(speaker?.lastSeen ?? 0, Math.min(at, core.now()));
  const records = new Map<string, DeviceRecord>([
    [by, { ...(speaker ?? { key: by, name: "", at: 0 }), lastSeen: seen }],
  ]);
  for (const named of names) {
    if (!devices.includes(named.key as Hex)) continue;
    const before = records.get(named.key) ?? (await deviceRecord(core, named.key as Hex));
    records.set(named.key, merged(before, named, core.now()));
  }
  await saveDevices(core, [...records.values()]);
}

/** Relays may be a block behind the sender; or the list has changed once more since. @throws what the registry fails with */
async function followList(core: Core, { root, controllers }: ListNote): Promise<readonly Hex[]> {
  let devices = await lookForDevices(core);
  for (let tries = 1; toHex(deviceRoot(devices.map(fromHex))) !== root && tries < registryTries; tries++) {
    await new Promise((resolve) => setTimeout(resolve, registryPause));
    devices = await lookForDevices(core);
  }
  const forThis = controllers.find(({ to }) => to === core.self.identity.deviceKey);
  if (forThis) await receiveController(core, forThis.sealed);
  return devices;
}

/** Writes them and tells the listeners what is new; on a device that knew of none, nothing is. */
export async function saveDevices(core: Core, records: readonly DeviceRecord[]): Promise<void> {
  const before = new Map((await deviceRecords(core)).map((record) => [record.key, record]));
  await core.vault.write(records.map(deviceOp));
  if (before.size === 0) return;
  for (const record of records) {
    const device = shownDevice(core, record.key as Hex, record);
    const known = before.get(record.key);
    if (!known && !device.current) core.events.emit("device", { kind: "joined", device });
    else if (known?.name !== record.name) core.events.emit("device", { kind: "changed", device });
  }
}

/**
 * Compares with the registry: after a start, and whenever somebody asks for the list. Devices that nobody has told of are
 * told of as new.
 */
export async function lookForDevices(core: Core, maxAge = 0): Promise<readonly Hex[]> {
  const { devices } = await core.people.load(core.self.identity.publicId, maxAge);
  const known = await deviceRecords(core);
  const own = core.self.identity.deviceKey;
  const unknown = devices.filter((key) => !known.some((record) => record.key === key));
  const gone = known.filter(({ key }) => !devices.includes(key as Hex));
  await saveDevices(
    core,
    unknown.map((key) => ({ key, name: "", at: 0, ...(key === own ? { since: core.self.claim.issuedAt } : {}) })),
  );
  await core.vault.write(gone.map(({ key }) => ({ collection: "device", key, delete: true as const })));
  for (const record of gone) {
    core.events.emit("device", { kind: "revoked", device: shownDevice(core, record.key as Hex, record) });
  }
  if (!devices.includes(own)) core.problem("DEVICE_REVOKED");
  return devices;
}
