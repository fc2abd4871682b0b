import { readFileSync } from "node:fs";
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
await browser.close();
