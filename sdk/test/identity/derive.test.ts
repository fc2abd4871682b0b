import { argon2idAsync } from "@noble/hashes/argon2.js";
import { describe, expect, test } from "vitest";
import { argon2id } from "../../src/crypto/argon2id.ts";
import { fromHex, toHex, utf8 } from "../../src/crypto/bytes.ts";
import { openBackup, sealBackup } from "../../src/identity/backup.ts";
import { deriveCodeKey, deriveKeys, identityTypedData, saltNameOf } from "../../src/identity/derive.ts";
import { createLocalWallet } from "../../src/identity/localWallet.ts";

/** Test key, worth nothing. */
const wallet = createLocalWallet(`0x${"11".repeat(32)}`);
const saltName = saltNameOf("alice");
const signatureOf = async (keyVersion: number) =>
  fromHex(await wallet.signTypedData(identityTypedData(wallet.address, keyVersion)));
const codeKeyOf = (securityCode: string) => deriveCodeKey({ securityCode, saltName, wallet: wallet.address });

describe("derivation of an identity", () => {
  // Changing any of these values changes everybody's identity.
  test("gives the published vector", async () => {
    const signature = await signatureOf(1);
    const codeKey = await codeKeyOf("correct horse battery staple");
    const keys = deriveKeys(codeKey, signature, 1);
    expect({
      signature: toHex(signature),
      codeKey: toHex(codeKey),
      publicId: keys.publicId,
      agreementKey: toHex(keys.agreement.public),
      controller: keys.controller,
    }).toMatchInlineSnapshot(`
      {
        "agreementKey": "0xb3d468774365c6b4f8bf21dd85f4a74919fd5cc3fc4da85fd788485ca618cd0b",
        "codeKey": "0x39e2604ac76c5dbe272df27e6e5e8e6240109b7de2cac3c03379b64b4b445eb1",
        "controller": "0x4cc9c79e0ddc45bdfc418772769d0273157e544f2539e02dd9b68c504d9f6e50",
        "publicId": "0x648678d8c2d0b3c91e2556286eda60d3e9a329851d97fc8455423208bc97af73",
        "signature": "0xaa482f1ac3522161d2b5ace56386b24319d4246c278749b9fcf411910da847f563a15c3f131e3c9c1e7326b39d690a012944770aed815a3bf51ac8dc6548f1631b",
      }
    `);
  });

  test("depends on code, signature, name and key version, and on nothing else", async () => {
    const signature = await signatureOf(1);
    const publicId = async (code: string, name: string, version: number) => {
      const codeKey = await deriveCodeKey({ securityCode: code, saltName: saltNameOf(name), wallet: wallet.address });
      return deriveKeys(codeKey, signature, version).publicId;
    };
    const ids = await Promise.all([
      publicId("code", "alice", 1),
      publicId("code!", "alice", 1),
      publicId("code", "alicf", 1),
      publicId("code", "alice", 2),
    ]);
    expect(new Set(ids).size).toBe(4);
    expect(await publicId("code", "alice", 1)).toBe(ids[0]);
    const other = deriveKeys(await codeKeyOf("code"), new Uint8Array(65), 1);
    expect(ids).not.toContain(other.publicId);
  });

  test("takes one code in whatever form a keyboard gives it (NFKC)", async () => {
    expect(await codeKeyOf("cafe\u0301 ９")).toEqual(await codeKeyOf("caf\u00e9 9"));
  });

  test("refuses an empty or endless code", async () => {
    await expect(codeKeyOf("")).rejects.toMatchObject({ code: "CODE_EMPTY" });
    await expect(codeKeyOf("x".repeat(1025))).rejects.toMatchObject({ code: "CODE_TOO_LONG" });
  });
});

test("WebAssembly and JavaScript agree on Argon2id (RFC 9106)", async () => {
  const [password, salt] = [utf8("password"), utf8("0123456789abcdef0123456789abcdef")];
  const slow = await argon2idAsync(password, salt, { t: 3, m: 64 * 1024, p: 1, dkLen: 32 });
  expect(toHex(await argon2id(password, salt))).toBe(toHex(slow));
});

describe("backup of a root", () => {
  const root = crypto.getRandomValues(new Uint8Array(32));
  const codeKey = crypto.getRandomValues(new Uint8Array(32));
  const context = { codeKey, wallet: wallet.address, saltName };

  test("opens with the same code, wallet and pseudonym", async () => {
    expect(await openBackup(await sealBackup(root, context), context)).toEqual(root);
  });

  test("stays shut with another code, wallet or pseudonym", async () => {
    const backup = await sealBackup(root, context);
    const others = [
      { ...context, codeKey: new Uint8Array(32) },
      { ...context, wallet: createLocalWallet(`0x${"22".repeat(32)}`).address },
      { ...context, saltName: saltNameOf("bob") },
    ];
    for (const other of others) {
      await expect(openBackup(backup, other)).rejects.toMatchObject({ code: "WRONG_SECURITY_CODE" });
    }
  });

  test("says when a file is no backup", async () => {
    for (const file of [
      new Uint8Array(0),
      new Uint8Array(65),
      utf8("{}"),
      (await sealBackup(root, context)).slice(1),
    ]) {
      await expect(openBackup(file, context)).rejects.toMatchObject({ code: "BACKUP_INVALID" });
    }
  });
});
