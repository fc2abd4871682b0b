import { join } from "node:path";
import type { Page } from "@playwright/test";
import { root } from "../../../scripts/lib/paths.ts";
import type { Language } from "./album.ts";
import { type Served, serveBuilt } from "./serveBuilt.ts";

const web = join(root, "web");

/** Serves the page of states in `web/test/states`: screens as an outage, a thief or another chain makes them, which are made up there. */
export const serveStates = (): Promise<Served> => serveBuilt(join(web, "test", "states"), { cwd: web });

export interface Look {
  language: Language;
  theme: "light" | "dark";
}

/** Shows one, once it is what is to be looked at; without a name a list of all. Gives the names of all. */
export async function showState(page: Page, { url }: Served, { language, theme }: Look, name = ""): Promise<string[]> {
  await page.goto(`${url}/?state=${name}&language=${language}&theme=${theme}`);
  const whole = page.locator("html[data-ready]");
  await whole.waitFor({ state: "attached", timeout: 40_000 });
  const failed = await whole.getAttribute("data-failed");
  if (failed) throw new Error(`${name} cannot be reached: ${failed}`);
  return (await whole.getAttribute("data-ready"))?.split(" ") ?? [];
}
