import * as z from "zod";
import { threadsAt } from "../conversation/history/places.ts";
import { fromHex, randomBytes, toHex } from "../crypto/bytes.ts";
import { agreementKeyPair, type KeyPair, sign, signingKeyPair } from "../crypto/keys.ts";
import type { DeviceClaim } from "../crypto/mls/credential.ts";
import { SkrumbleError } from "../errors/index.ts";
import type { JoinOutcome } from "../identity/join.ts";
import type { Vault } from "../store/index.ts";
import type { Identity } from "../types/client.ts";
import type { Address, Hex, PublicId } from "../types/primitives.ts";

/** The identity of this device, with its keys, as it lies in the vault. */
export interface Self {
  identity: Identity;
  publicId: Uint8Array;
  identityKey: KeyPair;
  agreementKey: KeyPair;
  deviceKey: KeyPair;
  /**
   * secp256k1 key that may change the device list, unless the wallet has put another one in its place since. Devices that
   * joined before it was kept have none.
   */
  controller: Hex | undefined;
  claim: DeviceClaim;
  /** Random name of this device at its mailboxes. */
  reader: Uint8Array;
  /** Signs as the device. */
  sign(message: Uint8Array): Promise<Uint8Array>;
}

const hex = z.string().regex(/^0x[0-9a-f]*$/);
const schema = z.object({
  v: z.literal(1),
  pseudonym: z.string(),
  wallet: z.string(),
  keyVersion: z.int(),
  identitySeed: hex,
  agreementSecret: hex,
  controllerSecret: hex.optional(),
  deviceSeed: hex,
  issuedAt: z.int(),
  certificate: hex,
  reader: hex,
});
type StoredSelf = z.infer<typeof schema>;

const place = { collection: "account", key: "self" } as const;
const backupPlace = { collection: "account", key: "backup" } as const;

export async function saveSelf(vault: Vault, outcome: Omit<JoinOutcome, "kind">): Promise<Self> {
  const { keys, device, record } = outcome;
  const stored: StoredSelf = {
    v: 1,
    pseudonym: record.name,
    wallet: record.owner,
    keyVersion: record.keyVersion,
    identitySeed: toHex(keys.identity.secret),
    agreementSecret: toHex(keys.agreement.secret),
    controllerSecret: keys.controller,
    deviceSeed: toHex(device.key.secret),
    issuedAt: device.issuedAt,
    certificate: toHex(device.signature),
    reader: toHex(randomBytes(16)),
  };
  const { backup } = outcome;
  await vault.write([{ ...place, value: stored }, ...(backup ? [{ ...backupPlace, value: backup }] : [])]);
  return revive(stored);
}

/** Another key may change the device list from now on. */
export async function saveController(vault: Vault, self: Self, controller: Hex): Promise<void> {
  const stored = schema.parse(await vault.get<unknown>(place.collection, place.key));
  await vault.write([{ ...place, value: { ...stored, controllerSecret: controller } }]);
  self.controller = controller;
}

/** The sealed backup that `join` has returned, if this identity has one. */
export const loadBackup = (vault: Vault): Promise<Uint8Array | undefined> =>
  vault.get(backupPlace.collection, backupPlace.key);

/** @throws SkrumbleError STORE_CORRUPT */
export async function loadSelf(vault: Vault): Promise<Self | undefined> {
  const stored = await vault.get<unknown>(place.collection, place.key);
  if (stored === undefined) return nobody(vault);
  const parsed = schema.safeParse(stored);
  if (!parsed.success) throw new SkrumbleError("STORE_CORRUPT", { details: "Account record." });
  return revive(parsed.data);
}

/** What an identity left behind is not for whoever joins next. */
async function nobody(vault: Vault): Promise<undefined> {
  const left = await Promise.all(["contact", threadsAt].map((collection) => vault.range(collection, { limit: 1 })));
  if (left.flat().length > 0) throw new SkrumbleError("STORE_CORRUPT", { details: "The account record is missing." });
}

function revive(stored: StoredSelf): Self {
  const identityKey = signingKeyPair(fromHex(stored.identitySeed));
  const deviceKey = signingKeyPair(fromHex(stored.deviceSeed));
  const publicId: PublicId = toHex(identityKey.public);
  return {
    identity: {
      pseudonym: stored.pseudonym,
      publicId,
      wallet: stored.wallet as Address,
      keyVersion: stored.keyVersion,
      deviceKey: toHex(deviceKey.public) as Hex,
    },
    publicId: identityKey.public,
    identityKey,
    agreementKey: agreementKeyPair(fromHex(stored.agreementSecret)),
    deviceKey,
    controller: stored.controllerSecret as Hex | undefined,
    claim: {
      publicId: identityKey.public,
      deviceKey: deviceKey.public,
      keyVersion: stored.keyVersion,
      issuedAt: stored.issuedAt,
      signature: fromHex(stored.certificate),
    },
    reader: fromHex(stored.reader),
    sign: async (message) => sign(deviceKey.secret, message),
  };
}
