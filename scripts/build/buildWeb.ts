import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Output, run } from "../lib/child.ts";
import { writeFileAtomic } from "../lib/files.ts";
import { hashInputs } from "../lib/hash.ts";
import { npmCommand } from "../lib/npm.ts";
import { root } from "../lib/paths.ts";
import { Refusal, type Say, silent } from "../lib/say.ts";

const INPUTS = ["web", "sdk/src", "sdk/package.json", "package-lock.json", "tsconfig.base.json"];

const PATIENCE_MS = 300_000;

export interface BuiltWeb {
  /** Folder with the exported dApp. */
  folder: string;
  /** Of everything that went into it. */
  hash: string;
}

/** Exports the dApp to web/out, unless what is there was made of the same files. */
export async function buildWeb(say: Say = silent): Promise<BuiltWeb> {
  const folder = join(root, "web", "out");
  const stamp = join(root, "web", ".next", "inputs.sha256");
  const hash = hashInputs(root, INPUTS);
  const built = existsSync(join(folder, "index.html")) && existsSync(stamp) && readFileSync(stamp, "utf8") === hash;
  if (built) return { folder, hash };
  say.note("Building the dApp (about half a minute, only when it changed) ...");
  const { code, text } = await nextBuild(say);
  if (code !== 0) throw new Refusal(`The dApp could not be built:\n\n${text.trim().split("\n").slice(-60).join("\n")}`);
  writeFileAtomic(stamp, hash);
  return { folder, hash };
}

/** Only one build runs in a folder; another one, of a test or a second terminal, is waited for. */
async function nextBuild(say: Say): Promise<Output> {
  const npm = npmCommand(["run", "build", "--workspace", "web"]);
  const env = { ...process.env, NEXT_TELEMETRY_DISABLED: "1", NODE_ENV: "production" };
  for (const end = Date.now() + PATIENCE_MS; ; await sleep(2_000)) {
    const output = await run(npm.command, npm.args, { cwd: root, env });
    if (output.code === 0 || !output.text.includes("Another next build process") || Date.now() > end) return output;
    say.note("Another build of the dApp is under way; waiting for it ...");
  }
}
