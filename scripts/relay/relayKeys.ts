import { createPrivateKey, createPublicKey } from "node:crypto";
import { join } from "node:path";
import type { Hex } from "viem";
import { type PrivateKeyAccount, privateKeyToAccount } from "viem/accounts";
import { readJson, writeJson } from "../lib/files.ts";
import { keyFromFileOrNew, parseKey, randomKey } from "../lib/keys.ts";

export interface RelayKeys {
  /** Owns the stake; used for registering only and never given to the relay process. */
  operator: PrivateKeyAccount;
  /** Writes session anchors. */
  anchor: PrivateKeyAccount;
  /** Ed25519 public key of the storage receipts. */
  signingKey: Hex;
  /** What the relay process reads: {signingKey, anchorKey}, mode 0600. */
  file: string;
}

/** The keys of relay `folder`; made on first use. Another `name` holds those that are to follow them. */
export function relayKeys(folder: string, name = "relay.key.json"): RelayKeys {
  const file = join(folder, name);
  let stored = readJson<{ signingKey: string; anchorKey: string }>(file);
  if (!stored) {
    stored = { signingKey: randomKey(), anchorKey: randomKey() };
    writeJson(file, stored, 0o600);
  }
  return {
    operator: privateKeyToAccount(keyFromFileOrNew(join(folder, "operator.key"))),
    anchor: privateKeyToAccount(parseKey(stored.anchorKey, file)),
    signingKey: publicKeyOf(parseKey(stored.signingKey, file)),
    file,
  };
}

// DER header of RFC 8410 in front of a raw Ed25519 seed.
const PKCS8 = Buffer.from("302e020100300506032b657004220420", "hex");

function publicKeyOf(seed: Hex): Hex {
  const der = Buffer.concat([PKCS8, Buffer.from(seed.slice(2), "hex")]);
  const { x } = createPublicKey(createPrivateKey({ key: der, format: "der", type: "pkcs8" })).export({ format: "jwk" });
  return `0x${Buffer.from(x as string, "base64url").toString("hex")}`;
}
