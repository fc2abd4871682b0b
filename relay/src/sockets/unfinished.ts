import type { SocketPeer } from "./peer.ts";

/**
 * A frame that has begun and is not whole waits in memory, where no rate counts it yet. When all of them together are above
 * `limit` bytes, the lines with the most are cut off until half of that is free again.
 */
export function cutUnfinished(peers: Iterable<SocketPeer>, limit: number): void {
  const waiting: { peer: SocketPeer; bytes: number }[] = [];
  let sum = 0;
  for (const peer of peers) {
    const bytes = peer.unfinished();
    if (bytes === 0) continue;
    waiting.push({ peer, bytes });
    sum += bytes;
  }
  if (sum <= limit) return;
  for (const { peer, bytes } of waiting.sort((a, b) => b.bytes - a.bytes)) {
    if (sum <= limit / 2) return;
    peer.terminate();
    sum -= bytes;
  }
}
