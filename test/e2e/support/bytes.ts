import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

/** Every file below a folder; gzip is opened, because a needle would hide in it. */
export function readEverything(folder: string): { path: string; bytes: Buffer }[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .map((path) => {
      const raw = readFileSync(path);
      return { path, bytes: raw[0] === 0x1f && raw[1] === 0x8b ? gunzipSync(raw) : raw };
    });
}

/** Where a secret is found, in any of the spellings it could have slipped out in. */
export function findSecret(files: readonly { path: string; bytes: Buffer }[], secret: string | Buffer): string[] {
  return files
    .filter(({ bytes }) => spellings(secret).some((needle) => bytes.includes(needle)))
    .map(({ path }) => path);
}

function spellings(secret: string | Buffer): Buffer[] {
  const raw = Buffer.from(secret as string);
  const hex = raw.toString("hex");
  return [
    raw,
    ...(typeof secret === "string" ? [Buffer.from(secret, "utf16le")] : []),
    Buffer.from(hex),
    Buffer.from(hex.toUpperCase()),
    ...base64Cores(raw),
  ];
}

/** Base64 of the bytes at each of the three alignments, without the characters that depend on the neighbours. */
function base64Cores(raw: Buffer): Buffer[] {
  return [0, 1, 2].flatMap((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), raw])
      .toString("base64")
      .replaceAll("=", "");
    const core = text.slice(shift === 0 ? 0 : shift + 1, -1);
    return [Buffer.from(core), Buffer.from(core.replaceAll("+", "-").replaceAll("/", "_"))];
  });
}
