import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "@playwright/test";
import { build } from "esbuild";
import { chromiumOptions } from "../../test/support/chromium.ts";

/** Both systems have a page in each browser; neither may be treated as one in the background. */
const FOREGROUND = [
  "--disable-renderer-backgrounding",
  "--disable-backgrounding-occluded-windows",
  "--disable-background-timer-throttling",
];

export interface Stage {
  /** A page in a browser process of its own. */
  open(path: "/ours" | "/peer"): Promise<Page>;
  close(): Promise<void>;
}

/** Two headless browsers, and a server for the pages they open. */
export async function openStage(): Promise<Stage> {
  const files = await bundle();
  const server = createServer((request, response) => {
    const file = files.get(request.url ?? "");
    if (file) response.setHeader("content-type", file.type).end(file.body);
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const browsers: Browser[] = [];
  for (let i = 0; i < 2; i++) browsers.push(await chromium.launch(chromiumOptions(...FOREGROUND)));
  let opened = 0;
  return {
    async open(path) {
      const browser = browsers[opened++ % browsers.length] as Browser;
      const context = await browser.newContext({ permissions: ["camera", "microphone"] });
      const page = await context.newPage();
      page.on("pageerror", (error) => console.error(`${path}: ${error.message}`));
      await page.goto(`http://localhost:${port}${path}`);
      await page.waitForFunction(() => "bench" in window);
      return page;
    },
    async close() {
      await Promise.all(browsers.map((browser) => browser.close()));
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function bundle(): Promise<Map<string, { type: string; body: string }>> {
  const here = (path: string) => join(import.meta.dirname, path);
  const result = await build({
    entryPoints: {
      ours: here("oursPage.ts"),
      peer: here("peerPage.ts"),
      worker: here("../../sdk/src/call/frames/worker.ts"),
    },
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    outdir: "/",
    write: false,
  });
  const files = new Map<string, { type: string; body: string }>();
  for (const file of result.outputFiles) files.set(file.path, { type: "text/javascript", body: file.text });
  for (const name of ["ours", "peer"]) {
    const body = `<!doctype html><meta charset="utf-8"><title>${name}</title><body><script type="module" src="/${name}.js"></script>`;
    files.set(`/${name}`, { type: "text/html", body });
  }
  return files;
}
