import { matches, type Rule, withoutComments } from "../source.ts";

/** `prevrandao` is a constant under QBFT and crashed validators; `tx.origin` lets a contract act in its caller's name. */
const FORBIDDEN = /\bprevrandao\b|\bblock\s*\.\s*difficulty\b|\btx\s*\.\s*origin\b|\bselfdestruct\b/g;

export const contractRules: Rule = {
  name: "contracts without prevrandao and tx.origin",
  check: (files) =>
    files
      .filter(({ path }) => path.endsWith(".sol"))
      .flatMap((file) =>
        matches(file, withoutComments(file.text), FORBIDDEN, (match) => `contracts must not use ${match}`),
      ),
};
