import { join } from "node:path";
import { chromium, type Page } from "@playwright/test";
import { build } from "esbuild";
import prepare from "../../test/e2e/support/globalSetup.ts";
import { openNetwork } from "../../test/e2e/support/network.ts";
import { befriend, hears, join as joinNetwork, newPerson, say } from "../../test/e2e/support/people.ts";
import { chromiumOptions } from "../../test/support/chromium.ts";
import { median, report } from "../lib/report.ts";
import type {} from "./fillPage.ts";
import { textOf } from "./texts.ts";

/**
 * A conversation of `messages` texts in the dApp, in headless Chromium with its encrypted IndexedDB.
 *
 * - start_100k_ms: from a new page's navigation until the newest message is painted.
 * - first_paint_100k_ms: from the click on the conversation, in a page that has not shown it yet, until then.
 * - scroll_100k_fps: frames a second while the wheel turns through older and older messages; the share of frames that took
 *   longer than two at 60 Hz beside it.
 * - find_100k_ms: from a letter typed until the hits are painted, the 150 ms included that the field waits for more letters.
 */

const bench = "messages";
const scrollMs = 3_000;

async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, "fillPage.ts")],
    bundle: true,
    format: "iife",
    target: "es2022",
    write: false,
  });
  return outputFiles[0]?.text ?? "";
}

/** Until the text stands in the conversation and the frame with it is out; milliseconds since the page began. */
const painted = (page: Page, text: string): Promise<number> =>
  page.evaluate(
    (wanted) =>
      new Promise<number>((resolve) => {
        const look = () => {
          const last = [...document.querySelectorAll("[role=log] article")].at(-1);
          if (!last?.textContent?.includes(wanted)) return requestAnimationFrame(look);
          requestAnimationFrame(() => setTimeout(() => resolve(performance.now())));
        };
        look();
      }),
    text,
  );

async function opening(page: Page, text: string): Promise<number> {
  const link = page.getByRole("list", { name: "Conversations" }).getByRole("link");
  await link.waitFor();
  // What a page does when it starts is measured by itself.
  await page.waitForTimeout(2_000);
  const clicked = await link.evaluate((element: HTMLElement) => {
    const now = performance.now();
    element.click();
    return now;
  });
  return (await painted(page, text)) - clicked;
}

async function scrolling(page: Page): Promise<{ fps: number; late: number }> {
  await page.getByRole("log").hover();
  const frames = page.evaluate(
    (ms) =>
      new Promise<number[]>((resolve) => {
        const at: number[] = [];
        const frame = (now: number) => {
          at.push(now);
          if (now - (at[0] as number) < ms) requestAnimationFrame(frame);
          else resolve(at);
        };
        requestAnimationFrame(frame);
      }),
    scrollMs,
  );
  let done = false;
  void frames.finally(() => {
    done = true;
  });
  while (!done) {
    await page.mouse.wheel(0, -240);
    await page.waitForTimeout(30);
  }
  const at = await frames;
  const steps = at.slice(1).map((now, i) => now - (at[i] as number));
  const late = steps.filter((step) => step > 34).length / steps.length;
  return { fps: (steps.length * 1000) / ((at.at(-1) as number) - (at[0] as number)), late: late * 100 };
}

async function finding(page: Page, word: string): Promise<number> {
  const field = page.getByRole("combobox");
  await field.fill("");
  await page.getByRole("option").first().waitFor({ state: "hidden" });
  const hits = page.evaluate(
    (wanted) =>
      new Promise<number>((resolve, reject) => {
        setTimeout(() => reject(new Error("nothing was found")), 60_000);
        let typed = 0;
        addEventListener(
          "input",
          () => {
            typed = performance.now();
          },
          { capture: true, once: true },
        );
        const look = () => {
          const found = document.querySelector("[role=option] mark")?.textContent;
          if (!typed || found !== wanted) return requestAnimationFrame(look);
          requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - typed)));
        };
        look();
      }),
    word,
  );
  await field.fill(word);
  return hits;
}

export async function benchInBrowser({ messages = 100_000, runs = 5 } = {}): Promise<void> {
  const size = `${messages / 1000}k`;
  const print = (metric: string, unit: string, samples: number[]) =>
    report({ bench, metric, unit, ours: median(samples), samples });
  await prepare();
  const network = await openNetwork();
  const browser = await chromium.launch(chromiumOptions());
  try {
    const [lin, wei] = await Promise.all(
      ["bench-lin", "bench-wei"].map((pseudonym) => newPerson(browser, network.url, { pseudonym, wallet: false })),
    );
    if (!lin || !wei) throw new Error("nobody came");
    for (const person of [lin, wei]) await joinNetwork(person);
    await befriend(lin, wei);
    await say(lin, "From here");
    await say(wei, "From there");
    await hears(lin, "From there");
    await wei.context.close();
    const { page } = lin;
    const conversation = page.url();

    await page.goto("/icons/icon-512.png");
    await page.evaluate(await bundle());
    const last = await page.evaluate((count) => globalThis.filler.fill(count), messages);
    const newest = textOf(last).trim();

    const [started, opened]: [number[], number[]] = [[], []];
    for (let run = 0; run < runs; run++) {
      await page.goto("about:blank");
      await page.goto(conversation);
      started.push(await painted(page, newest));
      await page.goto("about:blank");
      await page.goto("/chats/");
      opened.push(await opening(page, newest));
    }
    print(`start_${size}_ms`, "ms", started);
    print(`first_paint_${size}_ms`, "ms", opened);

    const scrolls: { fps: number; late: number }[] = [];
    for (let run = 0; run < runs; run++) scrolls.push(await scrolling(page));
    print(
      `scroll_${size}_fps`,
      "frames/s",
      scrolls.map(({ fps }) => fps),
    );
    print(
      `scroll_${size}_late`,
      "% of frames",
      scrolls.map(({ late }) => late),
    );

    await page.getByRole("button", { name: "More for this conversation" }).click();
    await page.getByRole("menuitem", { name: "Search" }).click();
    // The first search after so many messages came puts them into the index.
    await page.getByRole("combobox").fill("bookshop");
    await page.getByRole("option").first().waitFor({ timeout: 300_000 });
    const found: number[] = [];
    // Frequent and rare words in both scripts; all of them occur.
    const words = ["bookshop", "rare2000", textOf(1).slice(2, 4), "closes", textOf(5001).slice(3, 6)];
    for (const word of words) found.push(await finding(page, word));
    print(`find_${size}_ms`, "ms", found);
    await lin.context.close();
  } finally {
    await browser.close();
    await network.stop();
  }
}
