import { mkdirSync } from "node:fs";
import { chromium } from "@playwright/test";
import config from "../../playwright.config.ts";
import { openNetwork } from "./support/network.ts";
import { tour } from "./support/tour.ts";
import { tourMarketplace } from "./support/tour-marketplace.ts";

/**
 * Takes a picture of every screen in both languages, both themes and two widths, to be looked at by a person, and runs axe on it:
 * `node test/e2e/gallery.ts FOLDER [en-light | en-dark | zh-CN-light | zh-CN-dark]`. Nothing of it is committed.
 */
const [folder, only] = process.argv.slice(2);
if (!folder) throw new Error("Say where the pictures go.");
mkdirSync(folder, { recursive: true });

const network = await openNetwork();
const browser = await chromium.launch(config.use?.launchOptions ?? {});
let problems = 0;
try {
  for (const language of ["en", "zh-CN"] as const) {
    for (const theme of ["light", "dark"] as const) {
      if (!only || only === `${language}-${theme}`) {
        const album = { browser, network, folder, language, theme };
        problems += (await tour(album)).length + (await tourMarketplace(album)).length;
      }
    }
  }
} finally {
  await browser.close();
  await network.stop();
}
process.exitCode = problems > 0 ? 1 : 0;
