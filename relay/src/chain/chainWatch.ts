import { createPublicClient, http } from "viem";

export interface ChainState {
  state: "unknown" | "online" | "stalled" | "unreachable";
  head: number;
}

const POLL_MS = 2_000;
const STALLED_MS = 15_000;

/** Watches whether the chain makes blocks, for /health, the metrics and the bounds of eth_getLogs. */
export function watchChain(rpcUrl: string, now: () => number, onChange: (state: ChainState) => void) {
  const client = createPublicClient({ transport: http(rpcUrl, { retryCount: 0, timeout: 4_000 }) });
  let current: ChainState = { state: "unknown", head: 0 };
  let movedAt = now();
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  async function look(): Promise<void> {
    let { state, head } = current;
    try {
      const block = Number(await client.getBlockNumber({ cacheTime: 0 }));
      // A lower head is movement too: the chain was restored from a snapshot.
      if (block !== head) movedAt = now();
      head = block;
      state = now() - movedAt > STALLED_MS ? "stalled" : "online";
    } catch {
      state = "unreachable";
    }
    if (stopped) return;
    const changed = state !== current.state;
    current = { state, head };
    if (changed) onChange(current);
    timer = setTimeout(look, POLL_MS);
  }

  return {
    first: look(),
    state: () => current,
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
