import { spawn } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isProgram } from "../../../lib/child.ts";
import { readJson, writeJson } from "../../../lib/files.ts";
import { Refusal } from "../../../lib/say.ts";
import { localNodes, nodeName, type QbftNetwork } from "../network.ts";
import type { Runtime } from "./runtime.ts";

/** Besu writes its database out when it is asked to end; a busy disk needs this long. */
const STOP_MS = 60_000;

/** Nodes as processes of this machine, through the folder's `start-native.sh`; process ids and logs are under `run/`. */
export function nativeRuntime(folder: string, network: QbftNetwork): Runtime {
  const names = localNodes(network).map(nodeName);
  const logOf = (name: string) => join(folder, "run", `${name}.log`);
  const recordOf = (name: string) => join(folder, "run", `${name}.process.json`);
  const pidOf = (name: string): number | undefined => {
    const pid = readJson<{ pid: number }>(recordOf(name))?.pid;
    return pid !== undefined && Number.isSafeInteger(pid) && pid > 1 && isNode(pid) ? pid : undefined;
  };

  function launch(name: string): void {
    const log = openSync(logOf(name), "a", 0o600);
    const child = spawn("bash", [join(folder, "start-native.sh"), name], {
      stdio: ["ignore", log, log],
      // It outlives this command.
      detached: true,
    });
    closeSync(log);
    child.on("error", () => {});
    child.unref();
    if (child.pid === undefined) throw new Refusal("bash is missing; start-native.sh needs it.");
    writeJson(recordOf(name), { pid: child.pid }, 0o600);
  }

  async function halt(name: string): Promise<void> {
    const pid = pidOf(name);
    if (pid !== undefined) {
      process.kill(pid, "SIGTERM");
      for (let waited = 0; waited < STOP_MS && isNode(pid); waited += 100) await sleep(100);
      if (isNode(pid)) process.kill(pid, "SIGKILL");
    }
    rmSync(recordOf(name), { force: true });
  }

  return {
    async ready() {
      if (process.platform === "win32") throw new Refusal("Native nodes need bash; on Windows use Docker.");
      if (!process.env.BESU_HOME) throw new Refusal("Set BESU_HOME to the folder of Besu 26.9 or newer.");
    },
    async start() {
      mkdirSync(join(folder, "run"), { recursive: true });
      for (const name of names) if (pidOf(name) === undefined) launch(name);
    },
    async stop() {
      await Promise.all(names.map(halt));
    },
    async logs(node, lines) {
      for (const name of node ? [node] : names) {
        for (const line of lastLines(logOf(name), lines)) console.log(`${name}  ${line}`);
      }
    },
    failure() {
      const ended = names.find((name) => existsSync(recordOf(name)) && pidOf(name) === undefined);
      return ended && `${ended} has ended. Its last words:\n${lastLines(logOf(ended), 10).join("\n")}`;
    },
  };
}

/** The id may be another program's by now. Until Java is found, a node still is the script that starts it. */
const isNode = (pid: number): boolean => isProgram(pid, "besu") || isProgram(pid, "start-native.sh");

function lastLines(path: string, lines: number): string[] {
  if (!existsSync(path)) return [];
  return readFileSync(path, "utf8").trimEnd().split("\n").slice(-lines);
}
