import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { run } from "../lib/child.ts";
import { root } from "../lib/paths.ts";
import { Refusal, runVerb, say } from "../lib/say.ts";
import { findBrowser } from "../test/browser.ts";

/** `npm run bench -- NAME [ARGUMENTS]`: runs bench/NAME/index.ts, which prints JSON lines. */
await runVerb(async () => {
  const [name, ...args] = process.argv.slice(2);
  const folder = join(root, "bench");
  const names = readdirSync(folder).filter((entry) => existsSync(join(folder, entry, "index.ts")));
  if (!name || !names.includes(name)) throw new Refusal(`Usage: npm run bench -- ${names.join(" | ") || "NAME"}`);
  const env = { ...process.env };
  if (name === "session") env.CHROMIUM_PATH = await findBrowser(say);
  const script = join(folder, name, "index.ts");
  const { code } = await run(process.execPath, ["--disable-warning=ExperimentalWarning", script, ...args], {
    cwd: root,
    env,
    echo: true,
  });
  return code;
});
