import { existsSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { run } from "../lib/child.ts";

/** Root on Debian, where packages can be installed without asking anybody. */
export function canApt(): boolean {
  if (process.platform !== "linux" || process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) return false;
  try {
    return /^ID=debian$/m.test(readFileSync("/etc/os-release", "utf8"));
  } catch {
    return false;
  }
}

/** Whether a program is in the PATH. */
export const isInstalled = (program: string): boolean =>
  (process.env.PATH ?? "")
    .split(delimiter)
    .filter(Boolean)
    .some((folder) => existsSync(join(folder, program)));

/** Installs Debian packages, without questions and without starting their services. Returns whether it worked. */
export async function aptInstall(packages: readonly string[]): Promise<boolean> {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive", RUNLEVEL: "1" };
  const update = await run("apt-get", ["update", "-qq"], { env });
  const install = await run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", ...packages], { env });
  return update.code === 0 && install.code === 0;
}
