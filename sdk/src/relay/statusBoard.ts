import type { RelayStatus } from "../types/client.ts";
import type { LineState, LineWatcher } from "./lines.ts";
import type { RelayInfo } from "./types.ts";

/** How each relay that was tried is doing, put together from its lines. */
export function createStatusBoard() {
  const entries = new Map<
    number,
    { relay: RelayInfo; lines: Map<string, LineState>; rttMs?: number; behind: number }
  >();
  const listeners = new Set<(status: RelayStatus[]) => void>();
  const mine = new Set<number>();
  let shown = "[]";

  function status(): RelayStatus[] {
    return [...entries.values()].map(({ relay, lines, rttMs, behind }) => {
      const states = [...lines.values()];
      const state = states.includes("online") ? "online" : states.includes("connecting") ? "connecting" : "offline";
      const { id, endpoint, region } = relay;
      const rtt = rttMs === undefined ? {} : { rttMs };
      return { id, endpoint, region, state, carriesMyMailbox: mine.has(id), behind, ...rtt };
    });
  }

  function tell(): void {
    const now = status();
    const text = JSON.stringify(now);
    if (text === shown) return;
    shown = text;
    for (const listener of [...listeners]) listener(now);
  }

  function entryOf(relay: RelayInfo) {
    let entry = entries.get(relay.id);
    if (!entry) {
      entry = { relay, lines: new Map(), behind: 0 };
      entries.set(relay.id, entry);
    }
    entry.relay = relay;
    return entry;
  }

  const watcher: LineWatcher = {
    state(relay, key, state) {
      entryOf(relay).lines.set(key, state);
      tell();
    },
    rtt(relay, milliseconds) {
      entryOf(relay).rttMs = milliseconds;
      tell();
    },
    behind(relay, messages) {
      entryOf(relay).behind = messages;
      tell();
    },
  };

  return {
    watcher,
    status,
    carriesMine(relay: RelayInfo): void {
      mine.add(relay.id);
      entryOf(relay);
      tell();
    },
    on(listener: (status: RelayStatus[]) => void): () => void {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    clear: () => listeners.clear(),
  };
}
