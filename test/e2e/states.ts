import { mkdirSync } from "node:fs";
import { chromium } from "@playwright/test";
import config from "../../playwright.config.ts";
import { openAlbum } from "./support/album.ts";
import { type Look, serveStates, showState } from "./support/stateSheet.ts";
import { watchPage } from "./support/watch.ts";

/**
 * Takes a picture of every state that the gallery does not come by (outages, thieves, other chains), in both languages, both themes and two
 * widths, to be looked at by a person: `node test/e2e/states.ts FOLDER [en-light | en-dark | zh-CN-light | zh-CN-dark] [STATE]`. Nothing of it
 * is committed.
 */
const [folder, variant, only] = process.argv.slice(2);
if (!folder) throw new Error("Say where the pictures go.");
mkdirSync(folder, { recursive: true });

/** More of it at once than a screen has. */
const tall = [
  { width: 1280, height: 1_300 },
  { width: 390, height: 1_400 },
];
const served = await serveStates();
const browser = await chromium.launch(config.use?.launchOptions ?? {});
const problems: string[] = [];
try {
  for (const language of ["en", "zh-CN"] as const) {
    for (const theme of ["light", "dark"] as const) {
      if (!variant || variant === `${language}-${theme}`) problems.push(...(await shootAll({ language, theme })));
    }
  }
} finally {
  await browser.close();
  await served.stop();
}
process.exitCode = problems.length > 0 ? 1 : 0;

async function shootAll(look: Look): Promise<string[]> {
  const album = openAlbum(folder as string, `${look.language}-${look.theme}`);
  const context = await browser.newContext({ locale: look.language, reducedMotion: "reduce" });
  const page = await context.newPage();
  const seen = watchPage(page);
  const states = await showState(page, served, look);
  for (const state of states.filter((one) => !only || one === only)) {
    await album.step(page, state, async () => {
      await showState(page, served, look, state);
      await album.shot(page, state, tall);
    });
  }
  for (const problem of seen) console.error(problem);
  await context.close();
  return [...album.problems, ...seen];
}
