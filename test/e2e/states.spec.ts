import { expect, test } from "@playwright/test";
import { narrow, wide } from "./support/album.ts";
import { type Look, serveStates, showState } from "./support/stateSheet.ts";
import { findObstacles } from "./support/usable.ts";
import { watchPage } from "./support/watch.ts";

const looks: [Look, { width: number; height: number }][] = [
  [{ language: "en", theme: "light" }, wide],
  [{ language: "zh-CN", theme: "dark" }, narrow],
];

// The states are made up, see `web/test/states`: that the dApp comes to them is for other tests to show.
test("what people see when something is in the way can be used by everybody", async ({ browser }) => {
  test.slow();
  const served = await serveStates();
  try {
    for (const [turn, [look, viewport]] of looks.entries()) {
      // axe looks at pages of a context that was made for it.
      const context = await browser.newContext({ locale: look.language, viewport, reducedMotion: "reduce" });
      const page = await context.newPage();
      const problems = watchPage(page);
      const states = await showState(page, served, look);
      // Each in one: all of them in all looks take long, and are looked at when their pictures are taken.
      for (const state of states.filter((name) => name.length % looks.length === turn)) {
        await showState(page, served, look, state);
        problems.push(...(await findObstacles(page, `${state}, ${look.language}, ${viewport.width} px`)));
      }
      await context.close();
      expect(problems).toEqual([]);
    }
  } finally {
    await served.stop();
  }
});
