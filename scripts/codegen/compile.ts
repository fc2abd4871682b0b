import { join } from "node:path";
import { run } from "../lib/child.ts";
import { root } from "../lib/paths.ts";
import { Refusal } from "../lib/say.ts";

/** Compiles the contracts (nothing happens when they are unchanged). */
export async function compileContracts(): Promise<void> {
  const hardhat = join(root, "node_modules", "hardhat", "dist", "src", "cli.js");
  const { code, text } = await run(process.execPath, [hardhat, "build"], {
    cwd: root,
    env: { ...process.env, HARDHAT_DISABLE_TELEMETRY_PROMPT: "true", CI: "true" },
  });
  if (code !== 0) throw new Refusal(`The contracts do not compile:\n\n${text.trim()}`);
}
