import { throwIfAborted } from "../../errors/index.ts";
import type { Chain } from "../chain.ts";
import { operatorsOf } from "../provenance.ts";
import { needed, onePerOperator } from "../quorum.ts";
import type { RpcEndpoint } from "../types.ts";
import { type Checkpoint, isSameSet } from "./checkpoint.ts";
import { type Findings, note } from "./findings.ts";
import { followValidators } from "./followValidators.ts";
import type { Header } from "./header.ts";
import type { Known } from "./known.ts";
import { sealedHeader } from "./sealedHeader.ts";
import { unproven } from "./unproven.ts";

/** A relay may be behind by so many blocks, a few seconds, and still knows that the chain is there: its word is no older. */
const mostBehind = 4n;

export interface Head {
  header: Header;
  /** Whom to ask about it: those who know it first. */
  endpoints: readonly RpcEndpoint[];
}

interface Shown {
  endpoint: RpcEndpoint;
  header: Header;
}

/**
 * The newest block that anybody shows, if a second operator knows it, too: one alone could show an old one. With a single known operator its
 * word has to do. Undefined where there is none now. @throws SkrumbleError ABORTED
 */
export async function findHead(
  chain: Chain,
  known: Known,
  findings: Findings,
  signal: AbortSignal,
): Promise<Head | undefined> {
  const all = onePerOperator(chain.rpc).filter(({ operator }) => !known.isLeft(operator));
  const wanted = Math.min(needed, operatorsOf(chain));
  const shown: Shown[] = [];
  for (const waiting = [...all]; waiting.length > 0 && knowing(shown).length < wanted; ) {
    const next = waiting.splice(0, wanted - knowing(shown).length);
    const answers = await Promise.all(next.map((endpoint) => headAt(chain, known, endpoint, findings, signal)));
    shown.push(...answers.filter((answer) => answer !== undefined));
  }
  const witnesses = knowing(shown);
  findings.isAlone = witnesses.length > 0 && witnesses.length < wanted;
  const [newest] = witnesses;
  // What was seen before may be newer; they get there, too.
  if (!newest || witnesses.length < wanted || newest.header.number < known.newest.number) return undefined;
  const first = witnesses.map(({ endpoint }) => endpoint);
  return { header: newest.header, endpoints: [...first, ...all.filter((one) => !first.includes(one))] };
}

/** Those who know the newest of these blocks, the newest first. */
function knowing(shown: readonly Shown[]): Shown[] {
  const [newest, ...others] = shown.toSorted((one, other) => Number(other.header.number - one.header.number));
  if (!newest) return [];
  return [newest, ...others.filter(({ header }) => header.number + mostBehind >= newest.header.number)];
}

async function headAt(
  chain: Chain,
  known: Known,
  endpoint: RpcEndpoint,
  findings: Findings,
  signal: AbortSignal,
): Promise<Shown | undefined> {
  try {
    const header = await sealedHeader(chain, endpoint, "latest", signal);
    const from = known.newest;
    // An older one is no lie, the relay is behind. Nor can it be followed to; but the same validators sealed it.
    if (header.number < from.number) return isJustBehind(header, from) ? { endpoint, header } : undefined;
    const read = (number: bigint) => sealedHeader(chain, endpoint, number, signal);
    await followValidators(from, header, read, known.reach);
    if (known.newest.number === header.number && known.newest.hash !== header.hash)
      throw unproven("Two blocks of one height are sealed.");
    return { endpoint, header };
  } catch (error) {
    throwIfAborted(signal);
    note(findings, endpoint, error);
    return undefined;
  }
}

const isJustBehind = ({ number, extra }: Header, newest: Checkpoint): boolean =>
  number + mostBehind >= newest.number && isSameSet(extra.validators, newest.validators);
