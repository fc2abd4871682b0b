import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../../scripts/lib/child.ts";
import { root } from "../../../scripts/lib/paths.ts";
import { freePort } from "../../../scripts/lib/ports.ts";

const vite = join(root, "node_modules", "vite", "bin", "vite.js");

export interface Served {
  url: string;
  stop(): Promise<void>;
}

interface BuildOptions {
  /** Where its styles are looked for; the page's own folder without one. */
  cwd?: string;
  /** What the build is told besides. */
  env?: Record<string, string>;
}

/** Builds a page with Vite, by its own configuration, and serves it on a port of its own. @param page its folder */
export async function serveBuilt(page: string, { cwd = page, env = {} }: BuildOptions = {}): Promise<Served> {
  const out = mkdtempSync(join(tmpdir(), "skrumble-page-"));
  const all = { ...process.env, ...env };
  const built = await run(process.execPath, [vite, "build", page, "--outDir", out, "--emptyOutDir"], { cwd, env: all });
  if (built.code !== 0) throw new Error(`The page could not be built:\n${built.text}`);
  const port = await freePort();
  const args = [vite, "preview", page, "--outDir", out, "--port", String(port), "--strictPort", "--host", "127.0.0.1"];
  const server: ChildProcess = spawn(process.execPath, args, { cwd, env: all, stdio: "ignore" });
  const url = `http://127.0.0.1:${port}`;
  for (let tries = 0; ; tries++) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok) break;
    if (tries > 200) throw new Error("The page is not served.");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return {
    url,
    async stop() {
      const gone = once(server, "exit");
      server.kill();
      await gone;
      rmSync(out, { recursive: true, force: true });
    },
  };
}
