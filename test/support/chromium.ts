import { systemChromium } from "../../scripts/test/browser.ts";

/** Quiet, with a fake camera and microphone, and calls allowed within one machine. */
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--use-fake-device-for-media-stream",
  "--use-fake-ui-for-media-stream",
  "--allow-loopback-in-peer-connection",
];

/**
 * How tests and benches launch Chromium by Playwright: the one that CHROMIUM_PATH names (`npm test` finds it), else the
 * system's, else Playwright's own download.
 */
export function chromiumOptions(...flags: string[]): { args: string[]; executablePath?: string } {
  const executablePath = process.env.CHROMIUM_PATH || systemChromium();
  return { args: [...FLAGS, ...flags], ...(executablePath ? { executablePath } : {}) };
}
