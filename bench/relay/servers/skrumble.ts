import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readConfig } from "../../../relay/src/config.ts";
import { createLog } from "../../../relay/src/log.ts";
import { startRelay } from "../../../relay/src/server.ts";
import { answerBench } from "./answer.ts";

/** Our relay, all of it, with the limits per address and connection raised: the whole load comes from one address. */
const folder = mkdtempSync(join(process.env.BENCH_DIR ?? tmpdir(), "skrumble-bench-"));
const keyFile = join(folder, "keys.json");
const key = () => `0x${randomBytes(32).toString("hex")}`;
writeFileSync(keyFile, JSON.stringify({ signingKey: key(), anchorKey: key() }), { mode: 0o600 });
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
const config = readConfig({
  SKRUMBLE_RELAY_DATA_DIR: join(folder, "data"),
  SKRUMBLE_RELAY_KEY_FILE: keyFile,
  SKRUMBLE_RELAY_LOG_LEVEL: "warn",
  SKRUMBLE_RELAY_MAX_CONNECTIONS_PER_ADDRESS: "10000",
  SKRUMBLE_RELAY_FRAMES_PER_SECOND: "1000000",
  SKRUMBLE_RELAY_FRAMES_BURST: "1000000",
  SKRUMBLE_RELAY_BYTES_PER_SECOND: "1000000000",
  SKRUMBLE_RELAY_BYTES_BURST: "1000000000",
});
const relay = await startRelay(config, createLog(config.LOG_LEVEL));
answerBench(relay.port);
