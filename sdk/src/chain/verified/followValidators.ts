import type { Address } from "../../types/primitives.ts";
import type { Header } from "./header.ts";
import { unproven } from "./unproven.ts";

/** Who sealed a block, and may therefore be believed about the next one. */
export interface Checkpoint {
  number: bigint;
  /** Lower case. */
  validators: readonly Address[];
}

/** Headers in between that are read at most: a step takes about as many as the distance has binary digits. */
const maxReads = 400;

/**
 * Goes from validators that are known to those of a later block. A block changes the set by one address at most (it carries one
 * vote), so of the quorum that seals the first block after a change at most one is not known yet: more than a third of
 * the known ones stand for it, among them an honest one, who seals no block with a false list. Where more has changed,
 * a block between is asked for. docs/decisions/0021 has the argument.
 * @param to sealed by a quorum of its own list
 * @param read a header in between, sealed like that, too
 * @throws SkrumbleError CHAIN_UNPROVEN, and what `read` throws
 */
export async function followValidators(
  from: Checkpoint,
  to: Header,
  read: (number: bigint) => Promise<Header>,
): Promise<Checkpoint> {
  let known = from;
  let reads = 0;
  const ahead = [to];
  for (let next = ahead.at(-1); next; next = ahead.at(-1)) {
    const { number, extra } = next;
    if (isStep(known.validators, extra.validators)) {
      known = { number, validators: extra.validators };
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
