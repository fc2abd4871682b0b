import { Refusal, runVerb, say } from "../lib/say.ts";
import { prove, type Verdict } from "./check.ts";
import { CLAIMS, type Claim } from "./claims.ts";

/**
 * `npm run prove [-- NAME ...]`: proves the contracts of test/proofs/ with the compiler's SMTChecker, and fails when one of
 * them is not exactly as far proved as scripts/prove/claims.ts says.
 */
await runVerb(async () => {
  const wanted = process.argv.slice(2);
  const names = CLAIMS.map(({ contract }) => contract);
  const unknown = wanted.filter((name) => !names.includes(name));
  if (unknown.length > 0) throw new Refusal(`Usage: npm run prove [-- ${names.join(" | ")}]`);
  let broken = 0;
  for (const claim of CLAIMS) {
    if (wanted.length > 0 && !wanted.includes(claim.contract)) continue;
    const verdicts = prove(claim.contract, claim.engine);
    const holds = isAsClaimed(claim, verdicts);
    if (!holds) broken += 1;
    (holds ? say.step : say.warn)(`${claim.contract}${holds ? "" : ": not what scripts/prove/claims.ts says"}`);
    for (const line of summary(verdicts)) console.log(`    ${line}`);
    for (const { code, shownBy } of claim.open) say.note(`  "${code}" is shown by ${shownBy}`);
  }
  return broken === 0 ? 0 : 1;
});

function count(verdicts: readonly Verdict[], outcome: Verdict["outcome"]): number {
  return verdicts.filter((verdict) => verdict.outcome === outcome).length;
}

function isAsClaimed({ proved, open, refuted = 0 }: Claim, verdicts: readonly Verdict[]): boolean {
  const undecided = verdicts.filter(({ outcome }) => outcome === "undecided");
  return (
    count(verdicts, "proved") === proved &&
    count(verdicts, "refuted") === refuted &&
    undecided.length === open.length &&
    undecided.every(({ code }) => open.some((entry) => code.includes(entry.code)))
  );
}

/** One line for each target: how many places are proved; each other place on a line of its own. */
function summary(verdicts: readonly Verdict[]): string[] {
  const targets = [...new Set(verdicts.map(({ target }) => target))].sort();
  return targets.flatMap((target) => {
    const own = verdicts.filter((verdict) => verdict.target === target);
    const others = own.filter(({ outcome }) => outcome !== "proved");
    return [
      `${target}: proved at ${count(own, "proved")} of ${own.length} places`,
      ...others.map(({ outcome, place, code }) => `  ${outcome} at ${place}: ${code}`),
    ];
  });
}
