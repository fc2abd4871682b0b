import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "@playwright/test";

export type Language = "en" | "zh-CN";
type Words = { [key: string]: string | Words };

export const wide = { width: 1280, height: 800 };
export const narrow = { width: 390, height: 844 };
type Size = typeof wide;

/** What the dApp says in a language, with its placeholders filled in. */
export function wordsOf(language: Language) {
  const file = new URL(`../../../web/messages/${language}.json`, import.meta.url);
  const all = JSON.parse(readFileSync(file, "utf8")) as Words;
  return (key: string, values: Record<string, string> = {}): string => {
    let at: string | Words | undefined = all;
    for (const part of key.split(".")) at = typeof at === "object" ? at[part] : undefined;
    if (typeof at !== "string") throw new Error(`There are no words for ${key}.`);
    return at.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? "");
  };
}

/** Takes pictures of a page in every size, and goes on when a step fails, so that one look shows all that is wrong. */
export function openAlbum(folder: string, suffix: string) {
  const file = (name: string, { width }: Size) => join(folder, `${name}-${suffix}-${width}.png`);
  return {
    async shot(page: Page, name: string, sizes: readonly Size[] = [wide, narrow]): Promise<void> {
      for (const size of sizes) {
        await page.setViewportSize(size);
        // Sheets and lists arrive within 200 ms.
        await page.waitForTimeout(450);
        await page.screenshot({ path: file(name, size) });
      }
      await page.setViewportSize(wide);
    },
    /** As it is at this moment. */
    async glimpse(page: Page, name: string): Promise<void> {
      await page.screenshot({ path: file(name, wide) });
    },
    async step(page: Page, name: string, run: () => Promise<void>): Promise<void> {
      try {
        await run();
      } catch (error) {
        console.error(`${suffix}, ${name}: ${(error as Error).message}`);
        await page.screenshot({ path: file(`failed-${name}`, wide) });
      }
    },
  };
}
