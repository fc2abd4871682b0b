import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";

/**
 * First-load JavaScript of every exported page: the script files its HTML names, gzip level 9, in bytes.
 * `node web/scripts/bundle-size.ts` writes snapshots/bundle.json; with `--check` it compares instead and fails above the
 * budget or when a page grew by more than 2 % without the snapshot being renewed.
 */
export const budget = 260_000;
const slack = 1.02;
const root = path.resolve(import.meta.dirname, "../..");
const out = path.join(root, "web/out");
const snapshot = path.join(root, "snapshots/bundle.json");

export interface BundleReport {
  unit: "bytes gzip";
  budget: number;
  pages: Record<string, number>;
}

export function measure(folder = out): BundleReport {
  if (!existsSync(folder)) throw new Error(`There is no export in ${folder}; run \`npm run build\` first.`);
  const sizes = new Map<string, number>();
  const sizeOf = (file: string): number => {
    const known = sizes.get(file);
    if (known !== undefined) return known;
    const size = gzipSync(readFileSync(path.join(folder, file)), { level: 9 }).length;
    sizes.set(file, size);
    return size;
  };
  const pages = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => path.basename(file) === "index.html" && !file.startsWith("_"))
    .sort();
  return {
    unit: "bytes gzip",
    budget,
    pages: Object.fromEntries(
      pages.map((page) => {
        const html = readFileSync(path.join(folder, page), "utf8");
        const total = [...scriptsOf(html)].reduce((sum, file) => sum + sizeOf(file), 0);
        return [`/${page.replace(/index\.html$/, "")}`, total];
      }),
    ),
  };
}

/** Scripts that a browser with modules loads; `nomodule` polyfills are for others. */
export function scriptsOf(html: string): Set<string> {
  const files = new Set<string>();
  for (const [tag] of html.matchAll(/<script\b[^>]*>/gi)) {
    const source = /\bsrc="([^"]+)"/i.exec(tag)?.[1];
    if (source?.startsWith("/") && !/\bnomodule\b/i.test(tag)) files.add(source.slice(1).split("?")[0] ?? "");
  }
  return files;
}

export function complaints(now: BundleReport, before: BundleReport | undefined): string[] {
  return Object.entries(now.pages).flatMap(([page, size]) => {
    const known = before?.pages[page];
    if (size > budget) return [`${page} loads ${size} bytes of JavaScript at first; the budget is ${budget}.`];
    if (known === undefined) return [`${page} is not in the snapshot.`];
    return size > known * slack ? [`${page} grew from ${known} to ${size} bytes.`] : [];
  });
}

function main(): void {
  const now = measure();
  if (!process.argv.includes("--check")) {
    mkdirSync(path.dirname(snapshot), { recursive: true });
    writeFileSync(snapshot, `${JSON.stringify(now, null, 2)}\n`);
    console.table(now.pages);
    return;
  }
  const before = existsSync(snapshot) ? (JSON.parse(readFileSync(snapshot, "utf8")) as BundleReport) : undefined;
  const found = complaints(now, before);
  for (const line of found) console.error(line);
  if (found.length > 0) {
    console.error("If this is meant, run `node web/scripts/bundle-size.ts` and commit snapshots/bundle.json.");
    process.exitCode = 1;
  }
}

if (import.meta.main) main();
