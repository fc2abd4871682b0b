import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { readJson } from "../lib/files.ts";
import { Refusal } from "../lib/say.ts";
import type { Condition } from "./conditions.ts";
import { BRANCHES, SEEN } from "./folders.ts";
import { tagOf } from "./instrument.ts";
import { UNREACHABLE, type Unreachable } from "./unreachable.ts";

interface Measured {
  path: string;
  conditions: Condition[];
}

export interface FileReport {
  path: string;
  /** Outcomes of its conditions that can happen, and those that did. */
  branches: number;
  taken: number;
  /** One sentence each. */
  problems: string[];
}

const filesIn = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, encoding: "utf8" })
        .filter((name) => name.endsWith(".json"))
        .map((name) => join(folder, name))
    : [];

/** What the test runs saw of each contract. */
export function branchReport(): FileReport[] {
  const seen = new Set(filesIn(SEEN).flatMap((file) => Object.keys(readJson<Record<string, number>>(file) ?? {})));
  const files = filesIn(BRANCHES).flatMap((file) => readJson<Measured>(file) ?? []);
  if (files.length === 0 || seen.size === 0) throw new Refusal("Nothing was measured: npm run coverage");
  const reports = files.map((file) => report(file, seen)).sort((a, b) => (a.path < b.path ? -1 : 1));
  const stale = UNREACHABLE.filter((entry) => !files.some((file) => names(entry, file)));
  const problems = stale.map(({ path, condition }) => `scripts/coverage/unreachable.ts: ${path} has no "${condition}"`);
  return problems.length > 0 ? [...reports, { path: "unreachable.ts", branches: 0, taken: 0, problems }] : reports;
}

const names = (entry: Unreachable, { path, conditions }: Measured): boolean =>
  entry.path === path && conditions.some(({ text }) => text === entry.condition);

function report({ path, conditions }: Measured, seen: ReadonlySet<string>): FileReport {
  const result: FileReport = { path, branches: 0, taken: 0, problems: [] };
  for (const [index, { line, text }] of conditions.entries()) {
    for (const outcome of [true, false]) {
      const reached = seen.has(tagOf(path, index, outcome));
      const excused = UNREACHABLE.some(
        (entry) => entry.path === path && entry.condition === text && entry.outcome === outcome,
      );
      const where = `${path}:${line} "${text.replace(/\s+/g, " ")}"`;
      if (excused && reached) result.problems.push(`${where} was ${outcome}, which was said to be impossible`);
      if (excused) continue;
      result.branches += 1;
      if (reached) result.taken += 1;
      else result.problems.push(`${where} never was ${outcome}`);
    }
  }
  return result;
}
