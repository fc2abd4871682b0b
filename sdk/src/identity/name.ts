import { ens_normalize } from "@adraffy/ens-normalize";
import { utf8 } from "../crypto/bytes.ts";
import { SkrumbleError } from "../errors/index.ts";
import type { NameAvailability } from "../types/client.ts";

export type NameProblem = Extract<NameAvailability, { kind: "invalid" }>["reason"];

/** In UTF-8 bytes after normalisation; the registry contract has the same bounds. */
export const nameBytes = { min: 3, max: 64 } as const;

const codes = {
  empty: "NAME_EMPTY",
  "too-short": "NAME_TOO_SHORT",
  "too-long": "NAME_TOO_LONG",
  "forbidden-character": "NAME_FORBIDDEN_CHARACTER",
  "look-alike": "NAME_LOOK_ALIKE",
} as const satisfies Record<NameProblem, string>;

/** What is wrong with a typed pseudonym, or its one normal form (ENSIP-15). */
export function checkNameForm(typed: string): { normalized: string } | { problem: NameProblem } {
  const text = typed.trim();
  if (text === "") return { problem: "empty" };
  // Before the costly part, so that a pasted novel does not hang the page. No normal form is this much shorter.
  if (text.length > 8 * nameBytes.max) return { problem: "too-long" };
  // The dot separates labels in ENS; a pseudonym is a single label.
  if (/[.\s]/u.test(text)) return { problem: "forbidden-character" };
  let normalized: string;
  try {
    normalized = ens_normalize(text);
  } catch (error) {
    return { problem: isLookAlike(error) ? "look-alike" : "forbidden-character" };
  }
  const length = utf8(normalized).length;
  if (length < nameBytes.min) return { problem: "too-short" };
  if (length > nameBytes.max) return { problem: "too-long" };
  return { normalized };
}

/** @throws SkrumbleError NAME_EMPTY, NAME_TOO_SHORT, NAME_TOO_LONG, NAME_FORBIDDEN_CHARACTER, NAME_LOOK_ALIKE */
export function normalizeName(typed: string): string {
  const checked = checkNameForm(typed);
  if ("problem" in checked) throw new SkrumbleError(codes[checked.problem]);
  return checked.normalized;
}

/** The chain cannot check ENSIP-15; a name that is not its own normal form is to be treated as if it did not exist. */
export function isNormalName(name: string): boolean {
  const checked = checkNameForm(name);
  return "normalized" in checked && checked.normalized === name;
}

const isLookAlike = (error: unknown): boolean =>
  error instanceof Error && /confusable|illegal mixture/.test(error.message);
