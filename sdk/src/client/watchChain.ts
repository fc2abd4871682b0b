import { readHead } from "../chain/actions/readHead.ts";
import type { Chain } from "../chain/chain.ts";

/** No block for so long means that the chain stands still. */
const stalledAfter = 15_000;
const askEvery = 5000;

/** Tells whether the chain makes blocks, at the start and at every change. */
export function watchChain(
  chain: Chain,
  tell: (state: { state: "online" | "stalled"; head: bigint }) => void,
  signal: AbortSignal,
): void {
  let head = 0n;
  let movedAt = Date.now();
  let told: "online" | "stalled" | undefined;
  const ask = async () => {
    const now = await readHead(chain, signal).catch(() => head);
    if (signal.aborted) return;
    if (now !== head) movedAt = Date.now();
    head = now;
    const state = Date.now() - movedAt > stalledAfter ? "stalled" : "online";
    if (state !== told && head > 0n) tell({ state, head });
    if (head > 0n) told = state;
    const timer = setTimeout(ask, askEvery);
    // A program must not stay alive for this alone.
    if (typeof timer === "object" && "unref" in timer) timer.unref();
    signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
  };
  void ask();
}
