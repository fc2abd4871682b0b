import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../lib/child.ts";
import { writeFileAtomic } from "../lib/files.ts";
import { hashInputs } from "../lib/hash.ts";
import { root } from "../lib/paths.ts";
import { Refusal } from "../lib/say.ts";

const INPUTS = ["contracts", "hardhat.config.ts", "package-lock.json"];
const OUTPUTS = ["artifacts/contracts", "artifacts/@openzeppelin"];
const STAMP = join(root, "artifacts", "inputs.sha256");

/** What the artifacts were made of, and the artifacts themselves: somebody else may have compiled meanwhile. */
const state = (): string => `${hashInputs(root, INPUTS)} ${hashInputs(root, OUTPUTS)}\n`;

/** Compiles the contracts. When nothing changed not even the compiler's tool is loaded, which takes seconds. */
export async function compileContracts(): Promise<void> {
  if (existsSync(STAMP) && readFileSync(STAMP, "utf8") === state()) return;
  const hardhat = join(root, "node_modules", "hardhat", "dist", "src", "cli.js");
  const { code, text } = await run(process.execPath, [hardhat, "build", "--no-tests"], {
    cwd: root,
    env: { ...process.env, HARDHAT_DISABLE_TELEMETRY_PROMPT: "true", CI: "true" },
  });
  if (code !== 0) throw new Refusal(`The contracts do not compile:\n\n${text.trim()}`);
  writeFileAtomic(STAMP, state());
}
