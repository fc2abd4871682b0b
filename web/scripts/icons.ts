import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { chromium } from "@playwright/test";

/**
 * Draws the PNG icons from public/icons/icon.svg. Run by hand when the mark changes:
 * `CHROMIUM_PATH=/usr/bin/chromium node web/scripts/icons.ts`; the results are committed.
 */
const folder = path.resolve(import.meta.dirname, "../public/icons");
const svg = readFileSync(path.join(folder, "icon.svg"), "utf8");
const paper = "#fbfaf7";

const icons = [
  { file: "icon-192.png", size: 192, part: 0.78, radius: 42 },
  { file: "icon-512.png", size: 512, part: 0.78, radius: 112 },
  { file: "icon-180.png", size: 180, part: 0.74, radius: 0 },
  // Whatever shape a phone cuts out, the mark stays inside the safe zone (80 %).
  { file: "icon-maskable-512.png", size: 512, part: 0.56, radius: 0 },
];

const executablePath = process.env.CHROMIUM_PATH;
/** Some browsers ask for /favicon.ico whatever the page says: a container (ICONDIR, one entry) around a 32 px PNG. */
function ico(png: Buffer): Buffer {
  const head = Buffer.alloc(22);
  head.writeUInt16LE(1, 2); // an icon
  head.writeUInt16LE(1, 4); // one picture
  head.writeUInt8(32, 6);
  head.writeUInt8(32, 7);
  head.writeUInt16LE(1, 10);
  head.writeUInt16LE(32, 12);
  head.writeUInt32LE(png.length, 14);
  head.writeUInt32LE(head.length, 18);
  return Buffer.concat([head, png]);
}

const browser = await chromium.launch({ args: ["--no-sandbox"], ...(executablePath && { executablePath }) });
for (const { file, size, part, radius } of icons) {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  const mark = Math.round(size * part);
  await page.setContent(
    `<style>html,body{margin:0;background:transparent}div{width:${size}px;height:${size}px;background:${paper};border-radius:${radius}px;display:grid;place-items:center}svg{width:${mark}px;height:${mark}px}</style><div>${svg}</div>`,
  );
  await page.screenshot({ path: path.join(folder, file), omitBackground: true });
  await page.close();
}
const page = await browser.newPage({ viewport: { width: 32, height: 32 } });
await page.setContent(`<style>html,body{margin:0;background:transparent}svg{display:block;width:32px}</style>${svg}`);
writeFileSync(path.join(folder, "../favicon.ico"), ico(await page.screenshot({ omitBackground: true })));
await browser.close();
