import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildWeb } from "../build/buildWeb.ts";
import { compileContracts } from "../codegen/compile.ts";
import { writeGenerated } from "../codegen/write.ts";
import { root } from "../lib/paths.ts";
import { bold, Refusal, runVerb, say } from "../lib/say.ts";
import { findTurnServer } from "../start/turn.ts";
import { aptInstall, canApt, isInstalled } from "./apt.ts";
import { findBrowser } from "./browser.ts";
import { type Counts, RUNNERS } from "./runners.ts";

/** `npm test [-- contracts | units | browser ...]`: all tests or some; the last line is always "N passed, N failed". */
await runVerb(async () => {
  const chosen = choose(process.argv.slice(2));
  const reports = mkdtempSync(join(tmpdir(), "skrumble-test-"));
  const lines: string[] = [];
  const sum: Counts = { passed: 0, failed: 0, skipped: 0 };
  // Set by .ci/run, which runs the checks first.
  const checks = process.env.SKRUMBLE_CHECKS;
  if (checks === "passed" || checks === "failed") {
    sum[checks] += 1;
    lines.push(`checks: ${checks}`);
  }
  try {
    const env = await prepare(chosen);
    for (const runner of chosen.flatMap((name) => RUNNERS[name] ?? [])) {
      console.log(`\n${bold(`— ${runner.name}`)}\n`);
      const counts = await runner.run(env, join(reports, `${runner.name.replace(/\W/g, "-")}.json`));
      const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped (counted as failed)` : "";
      lines.push(`${runner.name}: ${counts.passed} passed, ${counts.failed} failed${skipped}`);
      sum.passed += counts.passed;
      sum.failed += counts.failed + counts.skipped;
    }
  } catch (error) {
    // Preparing went wrong: nothing more can be tested, and the sum must say so.
    if (error instanceof Refusal) console.error(`\n${error.message}`);
    else console.error(error);
    sum.failed += 1;
  } finally {
    rmSync(reports, { recursive: true, force: true });
  }
  console.log(`\n${lines.join("\n")}\n${sum.passed} passed, ${sum.failed} failed`);
  return sum.failed > 0 || sum.passed === 0 ? 1 : 0;
});

function choose(args: readonly string[]): string[] {
  const all = Object.keys(RUNNERS);
  const unknown = args.filter((name) => !all.includes(name));
  if (unknown.length > 0) throw new Refusal(`Usage: npm test [-- ${all.join(" | ")}]`);
  return args.length > 0 ? all.filter((name) => args.includes(name)) : all;
}

/** What the runners need, and the environment they get. */
async function prepare(chosen: readonly string[]): Promise<NodeJS.ProcessEnv> {
  const env: NodeJS.ProcessEnv = { ...process.env, SKRUMBLE_NO_BROWSER: "1", NEXT_TELEMETRY_DISABLED: "1" };
  if (chosen.some((name) => name !== "contracts")) {
    env.CHROMIUM_PATH = await findBrowser(say);
    say.step(`Browser: ${env.CHROMIUM_PATH}`);
    if (!findTurnServer() && canApt()) {
      say.note("Installing coturn, so that relayed calls are tested as well ...");
      await aptInstall(["coturn"]);
    }
    if (chosen.includes("units") && !isInstalled("shellcheck") && canApt()) {
      say.note("Installing shellcheck: tests look at the scripts of operators with it ...");
      await aptInstall(["shellcheck"]);
    }
  }
  await compileContracts();
  writeGenerated(root);
  say.step("Contracts are compiled");
  if (chosen.includes("browser")) {
    await buildWeb(say);
    say.step("The dApp is built");
  }
  return env;
}
