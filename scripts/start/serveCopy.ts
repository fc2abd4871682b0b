import { cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { BuiltWeb } from "../build/buildWeb.ts";

/**
 * The relays serve a copy: a build started meanwhile must not pull the files away under a page that is open, nor
 * change scripts whose hashes stand in the relays' content security policy.
 */
export function serveCopy(stateDir: string, built: BuiltWeb): string {
  const home = join(stateDir, "web");
  const folder = join(home, built.hash.slice(0, 16));
  mkdirSync(home, { recursive: true });
  if (!existsSync(folder)) {
    const temporary = `${folder}.tmp`;
    rmSync(temporary, { recursive: true, force: true });
    cpSync(built.folder, temporary, { recursive: true });
    renameSync(temporary, folder);
  }
  for (const name of readdirSync(home)) {
    if (join(home, name) !== folder) rmSync(join(home, name), { recursive: true, force: true });
  }
  return folder;
}
