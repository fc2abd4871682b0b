import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../lib/paths.ts";
import { solc } from "../lib/solc.ts";

/** What the SMTChecker looks at: asserts, arithmetic outside `unchecked`, divisors, indices. */
const TARGETS = ["assert", "overflow", "underflow", "divByZero", "outOfBounds"];

export interface Verdict {
  outcome: "proved" | "undecided" | "refuted";
  /** Such as "Division by zero". */
  target: string;
  /** File, line and column. */
  place: string;
  /** The line it is about. */
  code: string;
}

const OUTCOMES = [
  [/^(?:CHC|BMC): (.*) check is safe!/, "proved"],
  [/^(?:CHC|BMC): (.*) might happen here/, "undecided"],
  [/^(?:CHC|BMC): (.*) happens here/, "refuted"],
] as const;

const read = (path: string): string | undefined => {
  const file = join(root, path.startsWith("@") ? "node_modules" : "", path);
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
};

/** Lets the compiler's model checker loose on one contract of test/proofs/. */
export function prove(contract: string, engine: "chc" | "bmc"): Verdict[] {
  const path = `test/proofs/${contract}.sol`;
  const content = read(path);
  if (content === undefined) throw new Error(`${path} is missing`);
  // Without a time limit, for which the solver in WebAssembly would need a thread; its own limits end it.
  const contracts = { [path]: [contract] };
  const modelChecker = { engine, targets: TARGETS, contracts, showProvedSafe: true, showUnproved: true };
  const settings = { modelChecker, outputSelection: { "*": { "*": ["abi"] } } };
  const { errors = [] } = solc({ language: "Solidity", sources: { [path]: { content } }, settings }, read);
  return errors.flatMap(({ severity, message, formattedMessage = message }) => {
    if (severity === "error") throw new Error(formattedMessage);
    for (const [pattern, outcome] of OUTCOMES) {
      const target = pattern.exec(message)?.[1];
      if (target === undefined) continue;
      const [, place = "", code = ""] = /--> ([^\n]+?):?\n[^\n]*\n[^|]*\| ([^\n]*)/.exec(formattedMessage) ?? [];
      return [{ outcome, target, place, code: code.trim() }];
    }
    return [];
  });
}
