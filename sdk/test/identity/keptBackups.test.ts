import { secp256k1 } from "@noble/curves/secp256k1.js";
import { hashTypedData } from "viem";
import { generatePrivateKey, privateKeyToAddress } from "viem/accounts";
import { expect, test, vi } from "vitest";
import { setDevices } from "../../src/chain/actions/setDevices.ts";
import { fromHex, randomBytes, toHex } from "../../src/crypto/bytes.ts";
import { openBackup } from "../../src/identity/backup.ts";
import { deriveCodeKey, deriveKeys, saltNameOf } from "../../src/identity/derive.ts";
import { keptBackups } from "../../src/identity/keptBackups.ts";
import { register } from "../../src/identity/register.ts";
import { restore } from "../../src/identity/restore.ts";
import { createMemoryStore } from "../../src/store/memory.ts";
import { openVault } from "../../src/store/vault.ts";
import type { WalletSigner } from "../../src/types/client.ts";
import { chainOver, createRegistry } from "../support/world.ts";

vi.mock("../../src/chain/actions/setDevices.ts", () => ({ setDevices: vi.fn() }));

const name = "hedged";
const saltName = saltNameOf(name);
const argon2 = async (code: Uint8Array, salt: Uint8Array) => Uint8Array.from(salt, (byte, i) => byte ^ (code[i] ?? 0));

/** Signs differently every time, and is taken away when the registration is to be signed. */
function hedgingWallet(): WalletSigner {
  const key = generatePrivateKey();
  return {
    address: privateKeyToAddress(key),
    async signTypedData(request) {
      if (request.primaryType !== "Identity") throw Object.assign(new Error("rejected"), { code: 4001 });
      const hash = fromHex(hashTypedData(request as Parameters<typeof hashTypedData>[0]));
      const signature = secp256k1.sign(hash, fromHex(key), { prehash: false, extraEntropy: true, format: "recovered" });
      return toHex(Uint8Array.of(...signature.subarray(1), 27 + (signature[0] as number)));
    },
  };
}

async function world() {
  const registry = createRegistry();
  const backups = keptBackups(await openVault(createMemoryStore()));
  const wallet = hedgingWallet();
  const context = {
    chain: chainOver(registry),
    argon2,
    backups,
    now: Date.now,
    onProgress: () => undefined,
    signal: undefined,
  };
  const attempt = (securityCode: string) =>
    register(context, { wallet, pseudonym: name, securityCode }, name).catch((error) => error.code);
  const kept = () => backups.list(wallet.address, saltName);
  return { registry, wallet, context, attempt, kept };
}

test("a random root is kept before the registration, and every further attempt uses it", async () => {
  const { attempt, kept } = await world();
  expect(await attempt("right")).toBe("WALLET_REFUSED");
  const first = await kept();
  expect(first).toHaveLength(1);
  await attempt("right");
  expect(await kept()).toEqual(first);
  // Another code cannot open it; neither of the two may be lost.
  await attempt("other");
  expect(await kept()).toHaveLength(2);
  await attempt("right");
  expect(await kept()).toHaveLength(2);
});

test("an identity that was registered while nobody looked opens with the kept root, and hands its backup out", async () => {
  const { registry, wallet, context, attempt, kept } = await world();
  await attempt("right");
  await attempt("other");
  const backup = (await kept())[1] as Uint8Array;
  const codeKey = await deriveCodeKey({ securityCode: "right", saltName, wallet: wallet.address }, argon2);
  const keys = deriveKeys(codeKey, await openBackup(backup, { codeKey, wallet: wallet.address, saltName }), 1);
  const entry = {
    id: 1n,
    name,
    publicId: keys.publicId,
    agreementKey: toHex(keys.agreement.public),
    devices: [randomBytes(32)],
    revoked: false,
    video: true,
    controller: privateKeyToAddress(keys.controller),
    deviceNonce: 0n,
    ownerNonce: 0n,
  };
  registry.entries.set(keys.publicId, entry);
  vi.mocked(setDevices).mockImplementation(async (_, { devices }) => {
    entry.devices = devices.map((device) => fromHex(device));
    return {} as never;
  });
  const record = { id: 1n, keyVersion: 1, saltName, publicId: keys.publicId, revoked: false } as never;
  const { controller } = entry;
  const present = {
    ...(record as object),
    controller,
    deviceRoot: toHex(new Uint8Array(32)),
    devicesBlock: 1n,
  } as never;
  const outcome = await restore(context, { wallet, pseudonym: name, securityCode: "right" }, present);
  expect(outcome).toMatchObject({ kind: "registered-with-backup", keys: { publicId: keys.publicId } });
  expect(outcome.backup).toEqual(backup);
  expect(entry.devices).toContainEqual(outcome.device.key.public);
});
