import type { Address } from "../../types/primitives.ts";
import { fewestValidators } from "../provenance.ts";
import type { Checkpoint } from "./checkpoint.ts";
import type { Header } from "./header.ts";
import { tooFewValidators, unproven } from "./unproven.ts";

/** Headers in between that are read at most: a step takes about as many as the distance has binary digits. */
const maxReads = 400;

/**
 * Goes from validators that are known to those of a later block. A block changes the set by one address at most (it carries one
 * vote), so of the quorum that seals the first block after a change at most one is not known yet: more than a third of
 * the known ones stand for it, among them an honest one, who seals no block with a false list. Where more has changed,
 * a block between is asked for. docs/decisions/0021 has the argument.
 * @param to sealed by a quorum of its own list
 * @param read a header in between, sealed like that, too
 * @param reached is told of every step: who has to begin anew need not begin at the first
 * @throws SkrumbleError CHAIN_UNPROVEN, CHAIN_TOO_FEW_VALIDATORS, and what `read` throws
 */
export async function followValidators(
  from: Checkpoint,
  to: Header,
  read: (number: bigint) => Promise<Header>,
  reached: (checkpoint: Checkpoint) => void = () => undefined,
): Promise<Checkpoint> {
  let known = from;
  let reads = 0;
  const ahead = [to];
  for (let next = ahead.at(-1); next; next = ahead.at(-1)) {
    const { number, hash, extra } = next;
    if (isStep(known.validators, extra.validators)) {
      // Known ones stand for it, so this is no lie; of the step after it nobody could say that.
      if (extra.validators.length < fewestValidators) throw tooFewValidators();
      known = { number, hash, validators: extra.validators };
      reached(known);
      ahead.pop();
      continue;
    }
    const distance = number - known.number;
    if (distance < 2n || ++reads > maxReads) throw unproven("Nobody who is known vouches for the validators.");
    ahead.push(await read(known.number + distance / 2n));
  }
  return known;
}

/** Whether one address at most is in only one of two sets. */
function isStep(some: readonly Address[], others: readonly Address[]): boolean {
  const missing = (from: readonly Address[], those: readonly Address[]) => those.filter((one) => !from.includes(one));
  return missing(some, others).length + missing(others, some).length <= 1;
}
