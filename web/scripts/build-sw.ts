import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { build } from "esbuild";

const web = path.resolve(import.meta.dirname, "..");
const out = path.join(web, "out");

interface Entry {
  url: string;
  revision: string | null;
}

/** Puts `sw.js` into the export, with the list of every file it keeps. */
export async function buildServiceWorker(): Promise<{ files: number; bytes: number }> {
  const files = readdirSync(out, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(out, path.join(entry.parentPath, entry.name)).split(path.sep).join("/"))
    .filter((file) => wanted(file))
    .sort();
  await build({
    entryPoints: [path.join(web, "sw/sw.ts")],
    outfile: path.join(out, "sw.js"),
    bundle: true,
    minify: true,
    format: "iife",
    target: "es2022",
    define: {
      "self.__SW_MANIFEST": JSON.stringify(files.map(entryOf)),
      "process.env.NODE_ENV": '"production"',
    },
    logLevel: "warning",
  });
  return {
    files: files.length,
    bytes: files.reduce((sum, file) => sum + readFileSync(path.join(out, file)).length, 0),
  };
}

/** Fonts of scripts nobody on this device reads are fetched when needed; everything else is kept. */
function wanted(file: string): boolean {
  if (file === "sw.js" || file.endsWith(".map")) return false;
  return !/\/media\/inter-(cyrillic|greek|vietnamese)/.test(file);
}

function entryOf(file: string): Entry {
  const url = `/${file}`;
  // Next's static files carry a hash in their name; all others get one here.
  if (file.startsWith("_next/static/")) return { url, revision: null };
  return {
    url,
    revision: createHash("sha256")
      .update(readFileSync(path.join(out, file)))
      .digest("hex")
      .slice(0, 16),
  };
}
