import { join } from "node:path";
import { run } from "../../../lib/child.ts";
import { Refusal } from "../../../lib/say.ts";
import type { Runtime } from "./runtime.ts";

/** Nodes as containers of `compose.yaml`. */
export function composeRuntime(folder: string): Runtime {
  const compose = async (args: string[], echo: boolean): Promise<void> => {
    const { code, text } = await docker(["compose", "--file", join(folder, "compose.yaml"), ...args], echo);
    if (code !== 0) throw new Refusal(`docker compose ${args[0]} failed:\n${text.trim().slice(-2_000)}`);
  };
  return {
    async ready() {
      if ((await docker(["compose", "version"], false)).code !== 0) throw new Refusal(MISSING);
    },
    start: () => compose(["up", "--detach", "--remove-orphans"], false),
    stop: () => compose(["down", "--remove-orphans"], false),
    logs: (node, lines) => compose(["logs", "--no-color", "--tail", String(lines), ...(node ? [node] : [])], true),
    failure: () => undefined,
  };
}

const MISSING = [
  "Docker with its compose plugin is not here. Install it (https://docs.docker.com/engine/install/),",
  "or run Besu of this machine: BESU_HOME=/opt/besu npm run chain -- up --native",
].join("\n");

async function docker(args: string[], echo: boolean): Promise<{ code: number; text: string }> {
  try {
    return await run("docker", args, { echo });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") throw new Refusal(MISSING);
    throw error;
  }
}
