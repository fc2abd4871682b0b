import type { Peer } from "./ports.ts";

/** Peers that get several frames in a row: corked at the first, let go together. One write to the network each, not one a frame. */
export interface CorkedPeers {
  add(peer: Peer): void;
  release(): void;
}

export function createCorkedPeers(): CorkedPeers {
  const peers = new Set<Peer>();
  return {
    add(peer) {
      if (peers.has(peer)) return;
      peers.add(peer);
      peer.cork();
    },
    release() {
      for (const peer of peers) peer.uncork();
      peers.clear();
    },
  };
}
