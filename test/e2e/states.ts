import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { chromium, type Page } from "@playwright/test";
import config from "../../playwright.config.ts";
import { root } from "../../scripts/lib/paths.ts";
import { type Language, openAlbum } from "./support/album.ts";
import { serveBuilt } from "./support/serveBuilt.ts";
import { watchPage } from "./support/watch.ts";

/**
 * Takes a picture of every state that the gallery does not come by (outages, thieves, other chains), in both languages, both themes and two
 * widths, to be looked at by a person, and runs axe on it: `node test/e2e/states.ts FOLDER [en-light | en-dark | zh-CN-light | zh-CN-dark] [STATE]`. The states are made up, see
 * `web/test/states`. Nothing of it is committed.
 */
const [folder, variant, only] = process.argv.slice(2);
if (!folder) throw new Error("Say where the pictures go.");
mkdirSync(folder, { recursive: true });

/** More of it at once than a screen has. */
const tall = [
  { width: 1280, height: 1_300 },
  { width: 390, height: 1_400 },
];
const web = join(root, "web");
const served = await serveBuilt(join(web, "test", "states"), { cwd: web });
const browser = await chromium.launch(config.use?.launchOptions ?? {});
const problems: string[] = [];
try {
  for (const language of ["en", "zh-CN"] as const) {
    for (const theme of ["light", "dark"] as const) {
      if (!variant || variant === `${language}-${theme}`) problems.push(...(await shootAll(language, theme)));
    }
  }
} finally {
  await browser.close();
  await served.stop();
}
process.exitCode = problems.length > 0 ? 1 : 0;

async function shootAll(language: Language, theme: "light" | "dark"): Promise<string[]> {
  const album = openAlbum(folder as string, `${language}-${theme}`);
  const context = await browser.newContext({ baseURL: served.url, locale: language, reducedMotion: "reduce" });
  const page = await context.newPage();
  const seen = watchPage(page);
  const show = async (state: string) => {
    await page.goto(`/?state=${state}&language=${language}&theme=${theme}`);
    return ready(page);
  };
  const states = await show("");
  for (const state of states.filter((one) => !only || one === only)) {
    await album.step(page, state, async () => {
      await show(state);
      await album.shot(page, state, tall);
    });
  }
  for (const problem of seen) console.error(problem);
  await context.close();
  return [...album.problems, ...seen];
}

/** Once it is what is to be looked at. Gives the names of all states. */
async function ready(page: Page): Promise<string[]> {
  const root = page.locator("html[data-ready]");
  await root.waitFor({ state: "attached", timeout: 20_000 });
  return (await root.getAttribute("data-ready"))?.split(" ") ?? [];
}
