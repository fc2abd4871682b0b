import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { run } from "../lib/child.ts";
import { root } from "../lib/paths.ts";
import { Refusal, type Say } from "../lib/say.ts";
import { aptInstall, canApt } from "./apt.ts";

const NAMES = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];
const ELSEWHERE = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
  "C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe",
];

/** A Chromium of the machine, or undefined. */
export function systemChromium(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const folders = (env.PATH ?? "").split(delimiter).filter(Boolean);
  const candidates = [...NAMES.flatMap((name) => folders.map((folder) => join(folder, name))), ...ELSEWHERE];
  return candidates.find((path) => existsSync(path));
}

/** Whether the program starts at all: a download without its libraries does not. */
async function starts(path: string): Promise<boolean> {
  if (process.platform === "win32") return existsSync(path);
  try {
    return (await run(path, ["--version"])).code === 0;
  } catch {
    return false;
  }
}

/**
 * The browser for the tests: CHROMIUM_PATH, else the system's, else apt's (root on Debian), else Playwright's own
 * download. Refuses with what to install when none of it works.
 */
export async function findBrowser(say: Say, env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const named = env.CHROMIUM_PATH;
  if (named) {
    if (await starts(named)) return named;
    throw new Refusal(`CHROMIUM_PATH is ${named}, but that does not start. Correct it or unset it.`);
  }
  const system = systemChromium(env);
  if (system && (await starts(system))) return system;
  if (canApt()) {
    say.note("No browser for the tests yet: installing Debian's chromium ...");
    await aptInstall(["chromium", "fonts-noto-cjk"]);
    const installed = systemChromium(env);
    if (installed && (await starts(installed))) return installed;
  }
  say.note("No browser for the tests yet: downloading Playwright's Chromium ...");
  const cli = join(root, "node_modules", "playwright-core", "cli.js");
  const { code } = await run(process.execPath, [cli, "install", "chromium"], { cwd: root });
  const { chromium } = await import("@playwright/test");
  if (code === 0 && (await starts(chromium.executablePath()))) return chromium.executablePath();
  throw new Refusal(
    [
      "The browser tests need Chromium and none could be found, installed or downloaded. Install one and run this again:",
      "  Debian:        apt install chromium",
      "  Ubuntu:        npx playwright install --with-deps chromium",
      "  Fedora:        dnf install chromium",
      "  macOS:         brew install --cask google-chrome",
      "  anywhere else: set CHROMIUM_PATH to a Chrome or Chromium program",
    ].join("\n"),
  );
}
