import { rmSync } from "node:fs";
import { join } from "node:path";
import { readJson, writeJson } from "../../../lib/files.ts";
import { Refusal } from "../../../lib/say.ts";
import type { QbftNetwork } from "../network.ts";
import { composeRuntime } from "./composeRuntime.ts";
import { nativeRuntime } from "./nativeRuntime.ts";
import type { Runtime } from "./runtime.ts";

type Kind = "compose" | "native";

const recordOf = (folder: string): string => join(folder, "run", "runtime.json");
const runtimeOf = (kind: Kind, folder: string, network: QbftNetwork): Runtime =>
  kind === "native" ? nativeRuntime(folder, network) : composeRuntime(folder);

/** What this folder's nodes were started with. */
export function currentRuntime(folder: string, network: QbftNetwork): Runtime {
  const kind = readJson<{ kind?: Kind }>(recordOf(folder))?.kind;
  if (!kind) throw new Refusal(`The network in ${folder} is not up. Start it: npm run chain -- up --dir ${folder}`);
  return runtimeOf(kind, folder, network);
}

/** What to start them with: as before, otherwise as asked. Both at once would sign with the same keys. */
export async function wantedRuntime(folder: string, network: QbftNetwork, native: boolean): Promise<Runtime> {
  const running = readJson<{ kind?: Kind }>(recordOf(folder))?.kind;
  if (native && running === "compose") {
    throw new Refusal("The network is up in containers. First: npm run chain -- down");
  }
  const kind = running ?? (native ? "native" : "compose");
  const runtime = runtimeOf(kind, folder, network);
  await runtime.ready();
  writeJson(recordOf(folder), { kind });
  return runtime;
}

export function forgetRuntime(folder: string): void {
  rmSync(recordOf(folder), { force: true });
}
