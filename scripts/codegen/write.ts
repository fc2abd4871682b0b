import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { writeFileAtomic } from "../lib/files.ts";
import { generate } from "./generate.ts";

const folderOf = (root: string): string => join(root, "sdk", "src", "generated");

function differences(root: string, files: Record<string, string>): string[] {
  const folder = folderOf(root);
  const present = existsSync(folder) ? readdirSync(folder) : [];
  const changed = Object.entries(files)
    .filter(([name, text]) => !present.includes(name) || readFileSync(join(folder, name), "utf8") !== text)
    .map(([name]) => name);
  return [...changed, ...present.filter((name) => !(name in files))];
}

/** Names of generated files that are missing, old or not ours. */
export function staleGenerated(root: string): string[] {
  return differences(root, generate(root));
}

/** Writes what changed; returns the names. */
export function writeGenerated(root: string): string[] {
  const files = generate(root);
  const stale = differences(root, files);
  for (const name of stale) {
    const path = join(folderOf(root), name);
    const text = files[name];
    if (text === undefined) rmSync(path);
    else writeFileAtomic(path, text);
  }
  return stale;
}
