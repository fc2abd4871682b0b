import { root } from "../lib/paths.ts";
import { Refusal, runVerb, say } from "../lib/say.ts";
import { CHECKS } from "./checks.ts";

/** `npm run check [-- NAME ...]`: everything that must hold before a change is shared. Nothing is written. */
await runVerb(async () => {
  const wanted = process.argv.slice(2);
  const names = CHECKS.map(({ name }) => name);
  const unknown = wanted.filter((name) => !names.includes(name));
  if (unknown.length > 0) throw new Refusal(`Usage: npm run check [-- ${names.join(" | ")}]`);
  let failures = 0;
  for (const check of CHECKS) {
    if (wanted.length > 0 && !wanted.includes(check.name)) continue;
    const problems = await check.run(root).catch((error: unknown) => [explain(error)]);
    if (problems.length === 0) {
      say.step(`${check.name}: ${check.what}`);
      continue;
    }
    failures += 1;
    say.warn(`${check.name}: ${check.what} — broken`);
    for (const problem of problems) console.error(`    ${problem.replaceAll("\n", "\n    ")}`);
  }
  console.log(failures === 0 ? "\nAll checks hold." : `\n${failures} check(s) are broken.`);
  return failures === 0 ? 0 : 1;
});

function explain(error: unknown): string {
  if (error instanceof Refusal) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
