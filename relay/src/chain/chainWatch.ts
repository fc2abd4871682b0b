import { createPublicClient, http } from "viem";

export interface ChainState {
  /** "other-chain": the node answers, but is not of the chain that this relay is for. */
  state: "unknown" | "online" | "stalled" | "unreachable" | "other-chain";
  head: number;
}

const POLL_MS = 2_000;
const STALLED_MS = 15_000;

export interface ChainWatchOptions {
  rpcUrl: string;
  chainId: number;
  now(): number;
  onChange(state: ChainState): void;
}

/** Watches whether the chain makes blocks, for /health, the metrics and what is passed on to the node. */
export function watchChain({ rpcUrl, chainId, now, onChange }: ChainWatchOptions) {
  const client = createPublicClient({ transport: http(rpcUrl, { retryCount: 0, timeout: 4_000 }) });
  let current: ChainState = { state: "unknown", head: 0 };
  let movedAt = now();
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  async function look(): Promise<void> {
    let { state, head } = current;
    try {
      // Each time: behind one address there may be another node tomorrow.
      const [chain, newest] = await Promise.all([client.getChainId(), client.getBlockNumber({ cacheTime: 0 })]);
      const block = Number(newest);
      // A lower head is movement too: the chain was restored from a snapshot.
      if (block !== head) movedAt = now();
      head = block;
      state = chain !== chainId ? "other-chain" : now() - movedAt > STALLED_MS ? "stalled" : "online";
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
