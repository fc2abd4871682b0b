import { readHeadAt } from "../chain/actions/readHeads.ts";
import type { Chain } from "../chain/chain.ts";
import { onePerOperator } from "../chain/quorum.ts";
import type { RpcEndpoint } from "../chain/types.ts";

/** No block for so long means that the chain stands still, or that a node follows it no more. */
const stalledAfter = 15_000;
/** Operators that are asked: few, as each of them sees when the client is online. */
const usual = 3;
/** Those that know of no new block for a while take nobody's place: two of three could otherwise say for ever that the chain stands still. */
const most = 5;
const quietAfter = stalledAfter / 2;
/** Nobody waits longer for a relay that hangs. */
const patience = 3000;

/** The newest block that an operator's relay knows, since when that is the newest, and when it said so last. */
export interface Seen {
  endpoint: RpcEndpoint;
  head: bigint;
  since: number;
  answeredAt: number;
}

/** As far as it has said: not being asked, or heard, is not standing still. */
const quietFor = ({ since, answeredAt }: Seen): number => answeredAt - since;
export const isStanding = (one: Seen): boolean => quietFor(one) > stalledAfter;

/**
 * What a few operators know of the chain, the newest block first, each time it is called: the same ones as long as their relays are
 * listed and answer. Whoever missed a question or two is remembered for the time being. Never rejects.
 */
export function createChainSample(chain: Chain, signal: AbortSignal): () => Promise<Seen[]> {
  let seen: Seen[] = [];
  let answering: RpcEndpoint[] = [];

  const isListed = ({ url, operator }: RpcEndpoint) =>
    chain.rpc.endpoints().some((one) => one.url === url && one.operator === operator);

  function choose(): RpcEndpoint[] {
    const same = answering.filter(isListed);
    const others = onePerOperator(chain.rpc).filter((other) =>
      same.every(({ operator }) => operator !== other.operator),
    );
    const quiet = seen.filter((one) => quietFor(one) > quietAfter);
    return [...same, ...others].slice(0, Math.min(usual + quiet.length, most));
  }

  function saw(endpoint: RpcEndpoint, head: bigint, answeredAt: number): Seen {
    const before = seen.find((one) => one.endpoint.url === endpoint.url);
    // A new one that knows no more than others knew before stands still since then, if it does.
    const known = before ? [before].filter((one) => one.head === head) : seen.filter((one) => one.head >= head);
    return { endpoint, head, since: Math.min(answeredAt, ...known.map(({ since }) => since)), answeredAt };
  }

  return async () => {
    const late = Promise.withResolvers<undefined>();
    const timer = setTimeout(late.resolve, patience);
    const heads = await Promise.all(
      choose().map(async (endpoint) => ({
        endpoint,
        head: await Promise.race([readHeadAt(chain, endpoint, signal), late.promise]),
      })),
    );
    clearTimeout(timer);
    const now = Date.now();
    const answers = heads.flatMap(({ endpoint, head }) => (head === undefined ? [] : [saw(endpoint, head, now)]));
    answering = answers.map(({ endpoint }) => endpoint);
    const missed = seen.filter(
      ({ endpoint, answeredAt }) =>
        now - answeredAt <= stalledAfter &&
        isListed(endpoint) &&
        answering.every(({ operator }) => operator !== endpoint.operator),
    );
    seen = [...answers, ...missed].sort((a, b) => (a.head < b.head ? 1 : -1));
    return seen;
  };
}
