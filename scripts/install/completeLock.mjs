// Some registries do not carry the packages of every platform; npm then leaves them out of package-lock.json and
// `npm ci` refuses the file. This writes what is known about them (name, version, platform) without asking anybody.
// Run it after `npm install` when `npm run check` asks for it: node scripts/install/completeLock.mjs
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const SYSTEMS = ["android", "darwin", "freebsd", "linux", "netbsd", "openbsd", "openharmony", "sunos", "win32"];
const CPUS = { amd64: "x64", arm: "arm", arm64: "arm64", ia32: "ia32", loong64: "loong64", ppc64: "ppc64" };
const MORE_CPUS = { riscv64: "riscv64", s390x: "s390x", wasm32: "wasm32", x64: "x64" };

/** What a platform package's name says: `@esbuild/linux-x64` runs on os linux, cpu x64. */
export function platformOf(name) {
  const words = name.slice(name.lastIndexOf("/") + 1).split("-");
  const os = words.find((word) => SYSTEMS.includes(word));
  const cpu = words.map((word) => CPUS[word] ?? MORE_CPUS[word]).find(Boolean);
  const libc = words.some((word) => word.startsWith("musl"))
    ? "musl"
    : words.some((word) => word.startsWith("gnu"))
      ? "glibc"
      : undefined;
  return { os, cpu, libc: os === "linux" ? libc : undefined };
}

/** Where npm would look for `name` required by the package at `path`, nearest folder first. */
function places(path, name) {
  const found = [];
  for (let at = path; ; at = at.slice(0, Math.max(0, at.lastIndexOf("node_modules/") - 1))) {
    found.push(`${at ? `${at}/` : ""}node_modules/${name}`);
    if (!at) return found;
  }
}

/** Optional packages that others ask for and the lockfile does not know. */
export function missingEntries(lock) {
  const missing = [];
  for (const [path, entry] of Object.entries(lock.packages ?? {})) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      if (!places(path, name).some((place) => lock.packages[place])) missing.push({ name, version, by: entry });
    }
  }
  return missing;
}

/** The lockfile with an entry for each of them. */
export function completeLock(lock) {
  const packages = { ...lock.packages };
  for (const { name, version, by } of missingEntries(lock)) {
    const { os, cpu, libc } = platformOf(name);
    if (!/^\d/.test(version) || (!os && !cpu)) throw new Error(`${name}@${version} does not name its platform`);
    packages[`node_modules/${name}`] = {
      version,
      ...(cpu ? { cpu: [cpu] } : {}),
      ...(by.dev ? { dev: true } : {}),
      ...(libc ? { libc: [libc] } : {}),
      optional: true,
      ...(os ? { os: [os] } : {}),
    };
  }
  const sorted = Object.entries(packages).sort(([a], [b]) => a.localeCompare(b, "en"));
  return { ...lock, packages: Object.fromEntries(sorted) };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const file = join(import.meta.dirname, "..", "..", "package-lock.json");
  const lock = JSON.parse(readFileSync(file, "utf8"));
  const missing = missingEntries(lock);
  if (missing.length > 0) writeFileSync(file, `${JSON.stringify(completeLock(lock), null, 2)}\n`);
  console.log(`${missing.length} package(s) of other platforms written to package-lock.json`);
}
