import path from "node:path";
import type { NextConfig } from "next";
import { treeHash } from "./scripts/tree-hash.ts";

/** A static export: any relay can serve it, and a mirror of the files is the whole dApp. */
const config: NextConfig = {
  output: "export",
  trailingSlash: true,
  transpilePackages: ["@skrumble/sdk"],
  // The same tree gives the same inline scripts, so the hashes in a relay's CSP stay true after a rebuild.
  generateBuildId: () => treeHash(),
  poweredByHeader: false,
  productionBrowserSourceMaps: false,
  devIndicators: false,
  experimental: { cpus: 2 },
  turbopack: { root: path.resolve(import.meta.dirname, "..") },
};

export default config;
