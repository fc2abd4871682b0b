import { readHeads } from "../chain/actions/readHeads.ts";
import type { Chain } from "../chain/chain.ts";
import type { RpcEndpoint } from "../chain/types.ts";

/** No block for so long means that the chain stands still, or that a node follows it no more. */
const stalledAfter = 15_000;
const askEvery = 5000;

/** The newest block of one relay, and since when. */
interface Seen {
  endpoint: RpcEndpoint;
  head: bigint;
  since: number;
}

/**
 * Tells whether the chain makes blocks, at the start and at every change: two of the operators that answer say so, where so many do. A
 * relay that stands still while others go on is asked after these.
 */
export function watchChain(
  chain: Chain,
  tell: (state: { state: "online" | "stalled"; head: bigint }) => void,
  signal: AbortSignal,
): void {
  const seen = new Map<string, Seen>();
  let told: "online" | "stalled" | undefined;
  const ask = async () => {
    const answered = await readHeads(chain, signal);
    if (signal.aborted) return;
    const now = Date.now();
    for (const { endpoint, head } of answered) {
      if (seen.get(endpoint.url)?.head !== head) seen.set(endpoint.url, { endpoint, head, since: now });
    }
    const isStanding = ({ since }: Seen) => now - since > stalledAfter;
    // Without any answer the last ones count, and grow old.
    const count = Math.min(2, answered.length || 1);
    const all = [...seen.values()].toSorted((a, b) => (a.head < b.head ? 1 : -1));
    const standing = all.filter(isStanding);
    const [state, of] =
      all.length - standing.length >= count
        ? (["online", all.filter((one) => !isStanding(one))] as const)
        : (["stalled", all] as const);
    chain.rpc.putBack?.(state === "online" ? standing.map(({ endpoint }) => endpoint) : []);
    // One alone could make up a block that there is not yet.
    const head = of[Math.min(of.length, count) - 1]?.head ?? 0n;
    if (head > 0n && state !== told) {
      told = state;
      tell({ state, head });
    }
    const timer = setTimeout(ask, askEvery);
    // A program must not stay alive for this alone.
    if (typeof timer === "object" && "unref" in timer) timer.unref();
    signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
  };
  void ask();
}
