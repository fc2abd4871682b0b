import { join } from "node:path";
import { run } from "../lib/child.ts";
import { readJson } from "../lib/files.ts";
import { root } from "../lib/paths.ts";

export interface Counts {
  passed: number;
  failed: number;
  /** Skipping is not allowed, so skipped tests count as failed in the sum; named apart to be found. */
  skipped: number;
}

export interface Runner {
  name: string;
  run(env: NodeJS.ProcessEnv, report: string): Promise<Counts>;
}

const bin = (path: string): string => join(root, "node_modules", path);
const node = (args: string[], env: NodeJS.ProcessEnv) => run(process.execPath, args, { cwd: root, env, echo: true });

/** A runner that ends badly without naming a failed test failed all the same. */
export function settle(counts: Counts, code: number): Counts {
  return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

/** The numbers of a Mocha-style summary: "12 passing (3s)", "1 failing", "2 pending". */
export function countSummary(text: string): Counts {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours of the terminal are taken out
  const plain = text.replace(/\u001b\[[0-9;]*m/g, "");
  const last = (word: string) => Number([...plain.matchAll(new RegExp(`(\\d+) ${word}\\b`, "g"))].at(-1)?.[1] ?? 0);
  return { passed: last("passing"), failed: last("failing"), skipped: last("pending") + last("skipped") };
}

interface VitestReport {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests?: number;
  testResults: { status: string; assertionResults: unknown[] }[];
}

export function countVitest(report: VitestReport | undefined): Counts {
  if (!report) return { passed: 0, failed: 1, skipped: 0 };
  // A file that cannot even be loaded has no tests to fail.
  const broken = report.testResults.filter((file) => file.status === "failed" && file.assertionResults.length === 0);
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken.length,
    skipped: report.numPendingTests + (report.numTodoTests ?? 0),
  };
}

interface PlaywrightReport {
  stats: { expected: number; unexpected: number; flaky: number; skipped: number };
}

export function countPlaywright(report: PlaywrightReport | undefined): Counts {
  if (!report) return { passed: 0, failed: 1, skipped: 0 };
  const { expected, unexpected, flaky, skipped } = report.stats;
  return { passed: expected, failed: unexpected + flaky, skipped };
}

/** The report if it is there and whole; a runner that crashed leaves none. */
function readReport<T>(path: string): T | undefined {
  try {
    return readJson<T>(path);
  } catch {
    return undefined;
  }
}

const hardhat = (name: string, kind: "mocha" | "solidity"): Runner => ({
  name,
  async run(env) {
    const { code, text } = await node([bin("hardhat/dist/src/cli.js"), "test", kind], env);
    return settle(countSummary(text), code);
  },
});

export const RUNNERS: Record<string, readonly Runner[]> = {
  contracts: [hardhat("contracts", "mocha"), hardhat("contract invariants", "solidity")],
  units: [
    {
      name: "units",
      async run(env, report) {
        const args = [
          bin("vitest/vitest.mjs"),
          "run",
          "--reporter=default",
          "--reporter=json",
          `--outputFile=${report}`,
        ];
        const { code } = await node(args, env);
        return settle(countVitest(readReport(report)), code);
      },
    },
  ],
  browser: [
    {
      name: "browsers",
      async run(env, report) {
        const reporting = { ...env, PLAYWRIGHT_JSON_OUTPUT_NAME: report };
        const { code } = await node([bin("@playwright/test/cli.js"), "test", "--reporter=list,json"], reporting);
        return settle(countPlaywright(readReport(report)), code);
      },
    },
  ],
};
