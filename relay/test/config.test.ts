import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readConfig } from "../src/config.ts";

let folder: string;
let keyFile: string;
const secret = `0x${"5e".repeat(32)}`;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "skrumble-config-"));
  keyFile = join(folder, "keys.json");
  writeFileSync(keyFile, JSON.stringify({ signingKey: secret, anchorKey: secret }));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const read = (settings: Record<string, string>) =>
  readConfig({
    ...Object.fromEntries(Object.entries(settings).map(([name, value]) => [`SKRUMBLE_RELAY_${name}`, value])),
    PATH: "/bin",
  });
const base = () => ({ DATA_DIR: join(folder, "data"), KEY_FILE: keyFile });

test("two settings are enough", () => {
  const config = read(base());
  expect(config).toMatchObject({
    HOST: "127.0.0.1",
    PORT: 0,
    TRUST_PROXY: false,
    SHARDS: true,
    SHARD_BYTES: 1_073_741_824,
    turn: undefined,
    deployment: undefined,
  });
});

test.each([
  [{ PORT: "70000" }, "PORT"],
  [{ PORT: "http" }, "PORT"],
  [{ PUBLIC_URL: "ftp://relay" }, "PUBLIC_URL"],
  [{ TRUST_PROXY: "yes" }, "TRUST_PROXY"],
  [{ LOG_LEVEL: "loud" }, "LOG_LEVEL"],
  [{ KEY_FILE: "/nowhere/keys.json" }, "KEY_FILE"],
  [{ RPC_URL: "http://127.0.0.1:1" }, "DEPLOYMENT"],
  [{ TURN_URLS: "turn:relay:3478" }, "TURN_SECRET_FILE"],
  [{ TURN_URLS: "https://relay" }, "TURN_URLS"],
  [{ BYTES_BURST: "10" }, "BYTES_BURST"],
  [{ SHARD_BYTES: "1000" }, "SHARD_BYTES"],
])("a wrong setting %j is named", (settings, name) => {
  expect(() => read({ ...base(), ...settings })).toThrow(name);
});

test("what is missing is named, all at once", () => {
  expect(() => read({})).toThrow(/DATA_DIR[\s\S]*KEY_FILE/);
});

test("an error about the key file tells no key", () => {
  writeFileSync(join(folder, "bad.json"), JSON.stringify({ signingKey: secret, anchorKey: secret.slice(0, -1) }));
  const message = (() => {
    try {
      read({ ...base(), KEY_FILE: join(folder, "bad.json") });
    } catch (error) {
      return String(error);
    }
    return "";
  })();
  expect(message).toContain("anchorKey");
  expect(message).not.toContain("5e5e");
});
