import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { type Browser, chromium, type Page as Tab } from "@playwright/test";
import { build } from "esbuild";
import { chromiumOptions } from "../../../../test/support/chromium.ts";
import type { Page, PageOptions, Probe } from "./page.ts";

/** Two real browsers that can call each other; signals go through this process, where a test can hold or lose them. */

const ALICE = `0x${"a1".repeat(32)}` as const;
const BOB = `0x${"b0".repeat(32)}` as const;

/** Stricter than what a relay sends, as the page needs less. */
const CSP =
  "default-src 'none'; script-src 'self'; worker-src 'self'; media-src blob:; connect-src 'none'; base-uri 'none'";

export interface Side {
  tab: Tab;
  probe(): Promise<Probe>;
  run<T>(work: (page: Page) => T | Promise<T>): Promise<T>;
  until(what: string, ok: (probe: Probe) => boolean, ms?: number): Promise<Probe>;
}

export interface Pair {
  alice: Side;
  bob: Side;
  /** Decides about every signal on its way; false loses it. */
  filter: (from: "alice" | "bob", signal: { type: string }) => boolean | Promise<boolean>;
  close(): Promise<void>;
}

export interface Stage {
  pair(options?: { alice?: Partial<PageOptions>; bob?: Partial<PageOptions> }): Promise<Pair>;
  close(): Promise<void>;
}

export async function openStage(): Promise<Stage> {
  const files = await bundle();
  const server = createServer((request, response) => {
    const file = files.get(request.url ?? "");
    response.setHeader("content-security-policy", CSP);
    if (file) response.setHeader("content-type", file.type).end(file.body);
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const browser = await chromium.launch(chromiumOptions());
  return {
    pair: (options = {}) => openPair(browser, `http://localhost:${port}/`, options),
    async close() {
      await browser.close();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function bundle(): Promise<Map<string, { type: string; body: string }>> {
  const entry = (path: string) => fileURLToPath(new URL(path, import.meta.url));
  const result = await build({
    entryPoints: { page: entry("./page.ts"), worker: entry("../../../src/call/frames/worker.ts") },
    bundle: true,
    format: "esm",
    target: "es2022",
    outdir: "/",
    write: false,
  });
  const html = '<!doctype html><meta charset="utf-8"><title>call</title><script type="module" src="/page.js"></script>';
  const files = new Map([["/", { type: "text/html", body: html }]]);
  for (const file of result.outputFiles) files.set(file.path, { type: "text/javascript", body: file.text });
  return files;
}

async function openPair(
  browser: Browser,
  url: string,
  options: { alice?: Partial<PageOptions>; bob?: Partial<PageOptions> },
): Promise<Pair> {
  const tabs: Partial<Record<"alice" | "bob", Tab>> = {};
  const pair: Pair = { filter: () => true } as Partial<Pair> as Pair;
  const open = async (name: "alice" | "bob"): Promise<Side> => {
    const context = await browser.newContext({ permissions: ["camera", "microphone"] });
    const tab = await context.newPage();
    tabs[name] = tab;
    const farName = name === "alice" ? "bob" : "alice";
    await tab.exposeFunction("deliver", async (text: string) => {
      if (!(await pair.filter(name, JSON.parse(text)))) return;
      // Not awaited: a signal is on its way while the next one is made.
      tabs[farName]?.evaluate((signal) => window.receive(signal), text).catch(() => {});
    });
    await tab.goto(url);
    await tab.waitForFunction(() => "openPage" in window);
    const full: PageOptions = {
      self: name === "alice" ? ALICE : BOB,
      other: name === "alice" ? BOB : ALICE,
      turn: [],
      relayedOnly: false,
      frames: true,
      refuse: {},
      ...options[name],
    };
    await tab.evaluate((o) => window.openPage(o), full);
    return side(tab, name);
  };
  pair.alice = await open("alice");
  pair.bob = await open("bob");
  pair.close = async () => {
    await Promise.all(Object.values(tabs).map((tab) => tab.context().close()));
  };
  return pair;
}

function side(tab: Tab, name: string): Side {
  const probe = () => tab.evaluate(() => window.page.probe());
  return {
    tab,
    probe,
    // As text, since a function with arguments would be built inside the page, where the CSP forbids it.
    run: (work) => tab.evaluate(`(${String(work)})(window.page)`) as never,
    async until(what, ok, ms = 20_000) {
      const end = Date.now() + ms;
      for (;;) {
        const seen = await probe();
        if (ok(seen)) return seen;
        if (Date.now() > end) throw new Error(`${name}: waited for ${what}, saw ${JSON.stringify(seen)}`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
  };
}
