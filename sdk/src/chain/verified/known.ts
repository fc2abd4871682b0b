import type { Chain } from "../chain.ts";
import { type Checkpoint, describedBy, isSameSet, keptForm, parseCheckpoint } from "./checkpoint.ts";

/** What a program knows of a chain's seals while it runs. */
export interface Known {
  /** The newest block that was found to be sealed: what is older is not shown any more. */
  newest: Checkpoint;
  /** Whether a header of `newest` has been seen. One from the store or of the description is to be shown before it counts. */
  isShown: boolean;
  /** Of an operator whose relay was caught just now. */
  leave(operator: string): void;
  /** For ten minutes: not asked for proofs, and no witness. */
  isLeft(operator: string): boolean;
  /** Goes on to a later one, and keeps it for the next start when there is enough to keep. */
  reach(checkpoint: Checkpoint): void;
  /** Relays show another block there: begins at the description again. False where that was the description already. */
  discard(): boolean;
}

/** Following so many blocks costs nothing while the validators stay; a write for every block would. */
const keptEvery = 256n;

/**
 * In milliseconds. Not for good: with two operators one wrong answer, of a broken node perhaps, would leave too few witnesses until the
 * program starts again.
 */
const leftFor = 10 * 60_000;

const all = new WeakMap<Chain, Promise<Known>>();

/** Reads once per chain what was kept. */
export function knownOf(chain: Chain): Promise<Known> {
  const before = all.get(chain);
  if (before) return before;
  const opened = open(chain);
  all.set(chain, opened);
  return opened;
}

async function open(chain: Chain): Promise<Known> {
  const start = describedBy(chain.network);
  // What cannot be read is followed to anew.
  const found = parseCheckpoint(await chain.checkpoints?.read().catch(() => undefined));
  let kept = found && found.number >= start.number ? found : undefined;
  const keep = (value: unknown) => void chain.checkpoints?.write(value).catch(() => undefined);
  const leftUntil = new Map<string, number>();
  const known: Known = {
    newest: kept ?? start,
    isShown: (kept ?? start).hash === undefined,
    leave: (operator) => void leftUntil.set(operator, Date.now() + leftFor),
    isLeft: (operator) => Date.now() < (leftUntil.get(operator) ?? 0),
    reach(checkpoint) {
      const { number, hash } = known.newest;
      if (checkpoint.number < number || (checkpoint.number === number && hash !== undefined)) return;
      known.newest = checkpoint;
      const isWorthIt =
        !kept || checkpoint.number - kept.number >= keptEvery || !isSameSet(checkpoint.validators, kept.validators);
      const form = keptForm(checkpoint);
      if (!isWorthIt || !form) return;
      kept = checkpoint;
      keep(form);
    },
    discard() {
      if (known.newest === start) return false;
      kept = undefined;
      known.newest = start;
      known.isShown = start.hash === undefined;
      keep(undefined);
      return true;
    },
  };
  return known;
}
