// npm on Node 20 silently skips native optional packages that declare engines >= 22 (Hardhat's EDR).
// When that happened, the same install is repeated with the Node 24 this project brings along.
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const require = createRequire(join(root, "package.json"));
const node24 = join(root, "node_modules", ".bin", process.platform === "win32" ? "node.cmd" : "node");

function edrLoads() {
  try {
    createRequire(require.resolve("hardhat/package.json"))("@nomicfoundation/edr");
    return true;
  } catch {
    return false;
  }
}

if (!process.env.SKRUMBLE_MENDING && existsSync(node24) && process.env.npm_execpath && !edrLoads()) {
  execFileSync(
    node24,
    [
      process.env.npm_execpath,
      "install",
      "--no-save",
      "--ignore-scripts",
      "--prefer-offline",
      "--no-audit",
      "--no-fund",
    ],
    { cwd: root, stdio: "inherit", env: { ...process.env, SKRUMBLE_MENDING: "1" } },
  );
}
