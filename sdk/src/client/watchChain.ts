import type { Chain } from "../chain/chain.ts";
import { needed } from "../chain/quorum.ts";
import { createChainSample, isStanding, type Seen } from "./chainSample.ts";

const askEvery = 5000;

/**
 * Tells whether the chain makes blocks, at the start and at every change: two of the operators that answer say so, where so many do. A
 * relay that stands still while others go on is asked after these.
 */
export function watchChain(
  chain: Chain,
  tell: (state: { state: "online" | "stalled"; head: bigint }) => void,
  signal: AbortSignal,
): void {
  const sample = createChainSample(chain, signal);
  let told: "online" | "stalled" | undefined;
  let head = 0n;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const judge = (seen: readonly Seen[]) => {
    const standing = seen.filter(isStanding);
    const moving = seen.filter((one) => !isStanding(one));
    const count = Math.min(needed, seen.length);
    const isOn = seen.length > 0 && moving.length >= count;
    const isStalled = !isOn && standing.length >= count;
    chain.rpc.putBack?.(isStalled ? [] : standing.map(({ endpoint }) => endpoint));
    // One alone could make up a block that there is not yet.
    head = (isOn ? moving : seen)[count - 1]?.head ?? head;
    // One against one is no change.
    const state = isOn ? "online" : isStalled ? "stalled" : (told ?? "online");
    if (head === 0n || state === told) return;
    told = state;
    tell({ state, head });
  };
  const ask = async () => {
    const seen = await sample();
    if (signal.aborted) return;
    judge(seen);
    timer = setTimeout(ask, askEvery);
    // A program must not stay alive for this alone.
    if (typeof timer === "object" && "unref" in timer) timer.unref();
  };
  signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
  void ask();
}
