import { existsSync } from "node:fs";
import { join } from "node:path";
import { buildSdk } from "../build/buildSdk.ts";
import { buildWeb } from "../build/buildWeb.ts";
import { compileContracts } from "../codegen/compile.ts";
import { staleGenerated } from "../codegen/write.ts";
import { run } from "../lib/child.ts";
import { RULES } from "./architecture.ts";
import { readSources } from "./source.ts";

export interface Check {
  name: string;
  /** What holds when it passes. */
  what: string;
  /** What is wrong, one entry each. */
  run(root: string): Promise<string[]>;
}

/** Runs a tool of node_modules; its output is the problem when it fails. */
async function tool(root: string, script: string, args: readonly string[]): Promise<string[]> {
  const env = { ...process.env, NO_COLOR: "1", FORCE_COLOR: "0" };
  const { code, text } = await run(process.execPath, [join(root, script), ...args], { cwd: root, env });
  return code === 0 ? [] : [text.trim().split("\n").slice(-80).join("\n") || `${script} ended with code ${code}`];
}

async function types(root: string): Promise<string[]> {
  const configs = readSources(root)
    .map(({ path }) => path)
    .filter((path) => /(^|\/)tsconfig\.json$/.test(path));
  const problems: string[] = [];
  for (const config of configs)
    problems.push(...(await tool(root, "node_modules/typescript/bin/tsc", ["--noEmit", "-p", config])));
  return problems;
}

async function architecture(root: string): Promise<string[]> {
  const files = readSources(root);
  return RULES.flatMap((rule) =>
    rule.check(files).map(({ path, line, message }) => `${path}${line ? `:${line}` : ""} ${message} [${rule.name}]`),
  );
}

async function generated(root: string): Promise<string[]> {
  await compileContracts();
  const stale = staleGenerated(root);
  return stale.length === 0
    ? []
    : [`sdk/src/generated is not what the contracts give (${stale.join(", ")}): npm run build`];
}

async function published(root: string): Promise<string[]> {
  const dist = await buildSdk();
  return [
    ...(await tool(root, "node_modules/publint/src/cli.js", [dist, "--strict"])),
    ...(await tool(root, "node_modules/@arethetypeswrong/cli/dist/index.js", [
      "--pack",
      dist,
      "--profile",
      "esm-only",
    ])),
  ];
}

/** The rooms measure themselves; a change of a number shows in review because snapshots/ is committed. */
async function snapshots(root: string): Promise<string[]> {
  await buildWeb();
  const scripts = ["scripts/gas-snapshot.ts", "web/scripts/bundle-size.ts"].filter((path) =>
    existsSync(join(root, path)),
  );
  const problems: string[] = [];
  for (const script of scripts) problems.push(...(await tool(root, script, ["--check"])));
  return problems;
}

export const CHECKS: readonly Check[] = [
  {
    name: "style",
    what: "formatting and lint rules",
    run: (root) =>
      tool(root, "node_modules/@biomejs/biome/bin/biome", ["ci", "--error-on-warnings", "--colors=off", "."]),
  },
  { name: "architecture", what: "arrows between rooms, pure cores, limits", run: architecture },
  { name: "generated", what: "the SDK's ABIs are those of the contracts", run: generated },
  { name: "types", what: "every room type-checks", run: types },
  {
    name: "unused",
    what: "no file, export or dependency without use",
    run: (root) => tool(root, "node_modules/knip/bin/knip.js", ["--no-progress"]),
  },
  { name: "published", what: "the SDK builds and its package is sound", run: published },
  { name: "snapshots", what: "gas and bundle sizes are those in snapshots/", run: snapshots },
];
