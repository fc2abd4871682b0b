import type { Millis } from "../types/primitives.ts";
import type { Tries } from "./database.ts";

/** Mistyping is free three times; then it takes ever longer until the next try, in milliseconds. */
const pauses = [0, 0, 0, 5_000, 15_000, 30_000, 60_000, 300_000, 900_000] as const;
const longest = 900_000;

const pauseAfter = (failures: number): number => pauses[failures] ?? longest;

/** A failure more. Counted before the code is tried, so that a page that is killed meanwhile has not won a try. */
export function anotherTry({ failures }: Tries, now: Millis): Tries {
  return { failures: failures + 1, until: now + pauseAfter(failures + 1) };
}

/** The pause begins when the code turned out to be wrong: looking at it takes time itself. */
export function afterFailure({ failures }: Tries, now: Millis): Tries {
  return { failures, until: now + pauseAfter(failures) };
}

/** When the next try is allowed; a clock that was put back does not make the wait longer than it was meant to be. */
export function nextTry({ failures, until }: Tries, now: Millis): Millis {
  return Math.min(until, now + pauseAfter(failures));
}
