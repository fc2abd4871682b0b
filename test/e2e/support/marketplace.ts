import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "@playwright/test";
import { run } from "../../../scripts/lib/child.ts";
import { root } from "../../../scripts/lib/paths.ts";
import { freePort } from "../../../scripts/lib/ports.ts";
import { watchPage } from "./watch.ts";

const vite = join(root, "node_modules", "vite", "bin", "vite.js");
const app = join(root, "examples", "marketplace");

export interface Marketplace {
  url: string;
  stop(): Promise<void>;
}

/** Builds the example for these relays and serves it, as its own commands do. */
export async function serveMarketplace(relays: readonly string[]): Promise<Marketplace> {
  const out = mkdtempSync(join(tmpdir(), "skrumble-marketplace-"));
  const env = { ...process.env, VITE_RELAYS: relays.join(",") };
  const built = await run(process.execPath, [vite, "build", app, "--outDir", out, "--emptyOutDir"], { cwd: app, env });
  if (built.code !== 0) throw new Error(`The example could not be built:\n${built.text}`);
  const port = await freePort();
  const args = [vite, "preview", app, "--outDir", out, "--port", String(port), "--strictPort", "--host", "127.0.0.1"];
  const server: ChildProcess = spawn(process.execPath, args, { cwd: app, env, stdio: "ignore" });
  const url = `http://127.0.0.1:${port}`;
  for (let tries = 0; ; tries++) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok) break;
    if (tries > 200) throw new Error("The example is not served.");
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

export interface Visitor {
  page: Page;
  name: string;
  problems: string[];
}

/** A browser profile of somebody on the marketplace, in a language, a theme and a size. */
export async function visit(
  browser: Browser,
  { url }: Marketplace,
  name: string,
  options: { locale?: string; colorScheme?: "dark" | "light"; width?: number } = {},
): Promise<Visitor> {
  const { locale = "en-GB", colorScheme = "light", width = 1280 } = options;
  const viewport = { width, height: width < 500 ? 844 : 900 };
  const context = await browser.newContext({ baseURL: url, locale, colorScheme, viewport, reducedMotion: "reduce" });
  const page = await context.newPage();
  return { page, name, problems: watchPage(page) };
}
