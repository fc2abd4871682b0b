// Installs the packages of package-lock.json when they are missing or of another version. Node 20, no packages.
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

export const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");

function packages(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8")).packages ?? {};
  } catch {
    return undefined;
  }
}

/** Packages of the lockfile that node_modules lacks or holds in another version (npm's own record is compared). */
export function missingPackages(dir = root) {
  const wanted = packages(join(dir, "package-lock.json")) ?? {};
  const present = packages(join(dir, "node_modules", ".package-lock.json"));
  if (!present) return Object.keys(wanted).filter(Boolean);
  return Object.entries(wanted)
    .filter(([path, entry]) => path.includes("node_modules/") && !entry.optional && !entry.devOptional && !entry.peer)
    .filter(([path, entry]) => (entry.link ? !present[path] : present[path]?.version !== entry.version))
    .map(([path]) => path);
}

function npm(args) {
  const cli = process.env.npm_execpath?.endsWith(".js") ? process.env.npm_execpath : undefined;
  const [command, prefix] = cli ? [process.execPath, [cli]] : [process.platform === "win32" ? "npm.cmd" : "npm", []];
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...prefix, ...args], { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk) => {
        output = (output + chunk).slice(-20_000);
      });
    }
    child.on("error", reject);
    child.on("exit", (code) =>
      code === 0 ? resolve() : reject(new Error(`The packages could not be installed; npm said:\n${output.trim()}`)),
    );
  });
}

/** One installer at a time: two verbs started together would delete each other's files. */
async function withLock(work) {
  const folder = join(root, ".skrumble");
  const lock = join(folder, "install.lock");
  mkdirSync(folder, { recursive: true });
  for (;;) {
    try {
      writeFileSync(lock, String(process.pid), { flag: "wx" });
      break;
    } catch {
      if (!holderAlive(lock)) rmSync(lock, { force: true });
      else await sleep(500);
    }
  }
  try {
    return await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

function holderAlive(lock) {
  try {
    const pid = Number(readFileSync(lock, "utf8"));
    if (!pid) return Date.now() - statSync(lock).mtimeMs < 5_000;
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

/** @returns {Promise<boolean>} whether something had to be installed */
export async function ensureInstalled() {
  if (missingPackages().length === 0) return false;
  return withLock(async () => {
    const missing = missingPackages();
    if (missing.length === 0) return false;
    const fresh = !existsSync(join(root, "node_modules", ".package-lock.json"));
    const started = Date.now();
    console.log(
      fresh
        ? "Installing the packages (about a minute, only the first time) ..."
        : `Bringing ${missing.length} package(s) up to date ...`,
    );
    const quiet = ["--no-audit", "--no-fund", "--loglevel=error", "--no-progress"];
    // `npm ci` empties node_modules first; when only something changed, a plain install of the lockfile is kinder.
    await npm(fresh ? ["ci", ...quiet] : ["install", "--no-save", ...quiet]);
    console.log(`Packages ready after ${Math.round((Date.now() - started) / 1000)} s.`);
    return true;
  });
}
