import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, statSync } from "node:fs";
import type { Hex } from "viem";
import { writeFileAtomic } from "./files.ts";
import { Refusal } from "./say.ts";

export const randomKey = (): Hex => `0x${randomBytes(32).toString("hex")}`;

/** A 32-byte key out of a text; the error never repeats the text. */
export function parseKey(text: string, from: string): Hex {
  const trimmed = text.trim();
  if (!/^0x[0-9a-fA-F]{64}$/.test(trimmed)) throw new Refusal(`${from} does not hold a key (0x and 64 hex digits).`);
  return trimmed as Hex;
}

export function readKeyFile(path: string): Hex {
  if (!existsSync(path)) throw new Refusal(`There is no key file ${path}.`);
  if (process.platform !== "win32" && (statSync(path).mode & 0o077) !== 0) {
    throw new Refusal(`Others on this machine can read the key file ${path}. Run: chmod 600 ${path}`);
  }
  return parseKey(readFileSync(path, "utf8"), path);
}

/** The key in the file; a new one, readable by its owner alone, when there is none. */
export function keyFromFileOrNew(path: string): Hex {
  if (!existsSync(path)) writeFileAtomic(path, `${randomKey()}\n`, 0o600);
  return readKeyFile(path);
}
