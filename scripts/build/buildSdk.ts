import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../lib/child.ts";
import { readJson, writeJson } from "../lib/files.ts";
import { root } from "../lib/paths.ts";
import { Refusal } from "../lib/say.ts";

interface Manifest {
  name: string;
  version: string;
  exports: Record<string, string>;
  sideEffects?: boolean | string[];
  dependencies?: Record<string, string>;
  [key: string]: unknown;
}

/** `./src/chain/index.ts` -> `./chain/index` */
const stem = (source: string): string => source.replace(/^\.\/src\//, "./").replace(/\.ts$/, "");

/** The manifest of the published package: plain JavaScript and declarations instead of the sources. */
export function publishedManifest(manifest: Manifest): Record<string, unknown> {
  const { exports, sideEffects, private: _private, devDependencies: _dev, scripts: _scripts, ...rest } = manifest;
  const entries = Object.entries(exports).map(([entry, source]) => [
    entry,
    { types: `${stem(source)}.d.ts`, default: `${stem(source)}.js` },
  ]);
  return {
    ...rest,
    sideEffects: Array.isArray(sideEffects)
      ? sideEffects.map((source) => `${stem(source)}.js`)
      : (sideEffects ?? false),
    engines: { node: ">=22" },
    exports: { ...Object.fromEntries(entries), "./package.json": "./package.json" },
  };
}

/** Builds the package that is published as @skrumble/sdk into sdk/dist: plain `tsc`, ES modules only. */
export async function buildSdk(): Promise<string> {
  const sdk = join(root, "sdk");
  const dist = join(sdk, "dist");
  rmSync(dist, { recursive: true, force: true });
  const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
  const config = join(root, "scripts", "build", "tsconfig.sdk.json");
  const { code, text } = await run(process.execPath, [tsc, "-p", config], { cwd: root });
  if (code !== 0) throw new Refusal(`The SDK could not be built:\n\n${text.trim()}`);
  nameDeclarations(dist);
  const manifest = readJson<Manifest>(join(sdk, "package.json"));
  if (!manifest) throw new Refusal("sdk/package.json is missing");
  writeJson(join(dist, "package.json"), publishedManifest(manifest));
  cpSync(join(root, "LICENSE"), join(dist, "LICENSE"));
  for (const name of ["README.md", "CHANGELOG.md"]) {
    if (existsSync(join(sdk, name))) cpSync(join(sdk, name), join(dist, name));
  }
  return dist;
}

/** The compiler rewrites `./x.ts` to `./x.js` in code but not in declarations, nor in `new URL("./x.ts", ...)`. */
function nameDeclarations(dist: string): void {
  for (const name of readdirSync(dist, { recursive: true, encoding: "utf8" })) {
    if (!/\.(d\.ts|js)$/.test(name)) continue;
    const path = join(dist, name);
    const text = readFileSync(path, "utf8");
    const renamed = text.replace(/((?:from|import|import\(|new URL\()\s*["']\.{1,2}\/[^"'\n]*?)\.ts(["'])/g, "$1.js$2");
    if (renamed !== text) writeFileSync(path, renamed);
  }
}
