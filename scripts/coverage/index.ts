import { rmSync } from "node:fs";
import { join } from "node:path";
import { run } from "../lib/child.ts";
import { root } from "../lib/paths.ts";
import { Refusal, runVerb, say } from "../lib/say.ts";
import { SEEN } from "./folders.ts";
import { branchReport } from "./report.ts";

/**
 * `npm run coverage`: runs the contracts' tests in TypeScript on instrumented contracts, and fails when a condition never was
 * true or never was false. `npm run coverage -- report` shows again what was measured last.
 */
await runVerb(async () => {
  const [step, ...more] = process.argv.slice(2);
  if ((step !== undefined && step !== "report") || more.length > 0)
    throw new Refusal("Usage: npm run coverage [-- report]");
  if (step === undefined) await measure();
  return show();
});

async function measure(): Promise<void> {
  rmSync(SEEN, { recursive: true, force: true });
  const env = { ...process.env, SKRUMBLE_COVERAGE: "1" };
  const hardhat = join(root, "node_modules", "hardhat", "dist", "src", "cli.js");
  const { code } = await run(process.execPath, [hardhat, "test", "mocha", "--coverage"], {
    cwd: root,
    env,
    echo: true,
  });
  if (code !== 0) throw new Refusal("The tests fail when they are measured, so there is nothing to report.");
}

function show(): number {
  const reports = branchReport().filter(({ branches, problems }) => branches + problems.length > 0);
  const sum = { branches: 0, taken: 0, problems: 0 };
  for (const { path, branches, taken, problems } of reports) {
    console.log(`${`${taken}/${branches}`.padStart(9)}  ${path}`);
    for (const problem of problems) say.warn(problem);
    sum.branches += branches;
    sum.taken += taken;
    sum.problems += problems.length;
  }
  console.log(`${`${sum.taken}/${sum.branches}`.padStart(9)}  outcomes of conditions, two of each`);
  return sum.problems === 0 ? 0 : 1;
}
