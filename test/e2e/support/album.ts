import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { findObstacles } from "./usable.ts";

export type Language = "en" | "zh-CN";
type Words = { [key: string]: string | Words };

export const wide = { width: 1280, height: 800 };
export const narrow = { width: 390, height: 844 };
type Size = typeof wide;

/** What the dApp says in a language, with its placeholders filled in. */
export function wordsOf(language: Language) {
  const read = (file: string): Words =>
    JSON.parse(readFileSync(new URL(`../../../web/messages/${file}.json`, import.meta.url), "utf8"));
  const all = { ...read(language), ...read(`late/${language}`) };
  return (key: string, values: Record<string, string> = {}): string => {
    let at: string | Words | undefined = all;
    for (const part of key.split(".")) at = typeof at === "object" ? at[part] : undefined;
    if (typeof at !== "string") throw new Error(`There are no words for ${key}.`);
    return at.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? "");
  };
}

/**
 * Takes pictures of a page in every size and looks for what is in the way of people who do not see them. Goes on when a
 * step fails: one look shows all that is wrong, in the pictures and in `problems`.
 */
export function openAlbum(folder: string, suffix: string) {
  const problems: string[] = [];
  const complain = (problem: string) => {
    console.error(problem);
    problems.push(problem);
  };
  const file = (name: string, { width }: Size) => join(folder, `${name}-${suffix}-${width}.png`);
  return {
    problems,
    async shot(page: Page, name: string, sizes: readonly Size[] = [wide, narrow]): Promise<void> {
      for (const size of sizes) {
        await page.setViewportSize(size);
        // Sheets and lists arrive within 200 ms.
        await page.waitForTimeout(450);
        await page.screenshot({ path: file(name, size) });
        (await findObstacles(page, `${name}, ${suffix}, ${size.width} px`)).forEach(complain);
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
        // Its first lines: what follows are the browser's own logs.
        complain(`${name}, ${suffix}: ${(error as Error).message.split("\n").slice(0, 4).join("\n")}`);
        await page.screenshot({ path: file(`failed-${name}`, wide) });
      }
    },
  };
}
