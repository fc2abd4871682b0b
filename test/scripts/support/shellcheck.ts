import { execFileSync } from "node:child_process";

const MISSING = [
  "This test needs shellcheck, and it is not here. Install it and run this again:",
  "  Debian, Ubuntu: apt install shellcheck",
  "  Fedora:         dnf install ShellCheck",
  "  macOS:          brew install shellcheck",
].join("\n");

/** Throws what bash and shellcheck find wrong with a script, and also where there is no shellcheck: nothing is left unlooked at. */
export function checkShell(path: string, env: NodeJS.ProcessEnv = process.env): void {
  execFileSync("bash", ["-n", path], { stdio: "pipe" });
  try {
    execFileSync("shellcheck", [path], { env, encoding: "utf8" });
  } catch (error) {
    const { code, stdout } = error as NodeJS.ErrnoException & { stdout?: string };
    throw new Error(code === "ENOENT" ? MISSING : `${path}:\n${stdout}`);
  }
}
