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
  /** What the node said last about its chain; undefined while it has said nothing. */
  let ours: boolean | undefined;

  async function look(): Promise<void> {
    // Which chain each time: behind one address there may be another node tomorrow.
    const [chain, newest] = await Promise.allSettled([client.getChainId(), client.getBlockNumber({ cacheTime: 0 })]);
    if (chain.status === "fulfilled") ours = chain.value === chainId;
    const isThere = chain.status === "fulfilled" || newest.status === "fulfilled";
    let { state, head } = current;
    if (ours === false) state = isThere ? "other-chain" : "unreachable";
    else if (ours && newest.status === "fulfilled") {
      const block = Number(newest.value);
      // A lower head is movement too: the chain was restored from a snapshot.
      if (block !== head) movedAt = now();
      head = block;
      state = now() - movedAt > STALLED_MS ? "stalled" : "online";
    } else state = "unreachable";
    if (stopped) return;
    const changed = state !== current.state;
    current = { state, head };
    if (changed) onChange(current);
    timer = setTimeout(look, POLL_MS);
  }

  return {
    first: look(),
    state: () => current,
    /** Whether the node is of this chain, by its last word: that it fails changes nothing. */
    ours: () => ours,
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
