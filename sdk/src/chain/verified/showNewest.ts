import { throwIfAborted } from "../../errors/index.ts";
import type { Chain } from "../chain.ts";
import { operatorsOf } from "../provenance.ts";
import { needed, onePerOperator } from "../quorum.ts";
import { isSameSet } from "./checkpoint.ts";
import { type Findings, note } from "./findings.ts";
import type { Known } from "./known.ts";
import { readHeader } from "./readHeader.ts";
import { unproven } from "./unproven.ts";

/**
 * Lets relays show the header of a checkpoint that was kept, or that a description names with its hash. Nobody can make one with this hash,
 * so any relay will do. Where two operators have another block there, what was kept is thrown away: one alone does not lead a
 * client back to older validators.
 * @returns whether it was shown; else it is to be tried again, perhaps with another one
 * @throws SkrumbleError CHAIN_UNPROVEN (the description's own is not on the chain), ABORTED
 */
export async function showNewest(
  chain: Chain,
  known: Known,
  findings: Findings,
  signal: AbortSignal,
): Promise<boolean> {
  const { newest } = known;
  const waiting = onePerOperator(chain.rpc).filter(({ operator }) => !known.isLeft(operator));
  let others = 0;
  while (waiting.length > 0 && others < Math.min(needed, operatorsOf(chain))) {
    const asked = waiting.splice(0, needed);
    const headers = await Promise.all(
      asked.map((endpoint) =>
        readHeader(chain, endpoint, newest.number, signal).catch((error) => {
          throwIfAborted(signal);
          note(findings, endpoint, error);
        }),
      ),
    );
    // Another read may have seen to it.
    if (known.isShown || known.newest !== newest) return known.isShown;
    const same = headers.find((header) => header?.hash === newest.hash);
    if (same && isSameSet(same.extra.validators, newest.validators)) {
      known.isShown = true;
      return true;
    }
    // The hash is right and the validators are not: nothing more has to be asked.
    if (same) return dropped(known);
    others += headers.filter((header) => header !== undefined).length;
  }
  return others >= Math.min(needed, operatorsOf(chain)) && dropped(known);
}

function dropped(known: Known): boolean {
  if (!known.discard()) throw unproven("The block in the network's description is not on the chain.");
  return known.isShown;
}
