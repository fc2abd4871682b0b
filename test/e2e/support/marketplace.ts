import { join } from "node:path";
import type { Browser, Page } from "@playwright/test";
import { root } from "../../../scripts/lib/paths.ts";
import { type Served, serveBuilt } from "./serveBuilt.ts";
import { watchPage } from "./watch.ts";

/** Builds the example for these relays and serves it, as its own commands do. */
export const serveMarketplace = (relays: readonly string[]): Promise<Served> =>
  serveBuilt(join(root, "examples", "marketplace"), { env: { VITE_RELAYS: relays.join(",") } });

export interface Visitor {
  page: Page;
  name: string;
  problems: string[];
}

/** A browser profile of somebody on the marketplace, in a language, a theme and a size. */
export async function visit(
  browser: Browser,
  { url }: Served,
  name: string,
  options: { locale?: string; colorScheme?: "dark" | "light"; width?: number } = {},
): Promise<Visitor> {
  const { locale = "en-GB", colorScheme = "light", width = 1280 } = options;
  const viewport = { width, height: width < 500 ? 844 : 900 };
  const context = await browser.newContext({ baseURL: url, locale, colorScheme, viewport, reducedMotion: "reduce" });
  const page = await context.newPage();
  return { page, name, problems: watchPage(page) };
}
