import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

const web = path.resolve(import.meta.dirname, "..");
const sources = ["app", "features", "lib", "messages", "public", "sw", "ui", "package.json", "../sdk/src"];

/** Hash over every source file of the dApp: equal trees give equal builds. 20 hex characters. */
export function treeHash(): string {
  const hash = createHash("sha256");
  for (const source of sources) addTo(hash, path.join(web, source), source);
  return hash.digest("hex").slice(0, 20);
}

function addTo(hash: ReturnType<typeof createHash>, file: string, name: string): void {
  const entries = tryRead(file);
  if (!entries) return void hash.update(`${name}\0`).update(readFileSync(file));
  for (const entry of entries.sort()) addTo(hash, path.join(file, entry), `${name}/${entry}`);
}

function tryRead(directory: string): string[] | undefined {
  try {
    return readdirSync(directory);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOTDIR") return undefined;
    throw error;
  }
}
