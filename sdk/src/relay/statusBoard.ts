import type { RelayStatus } from "../types/client.ts";
import type { LineState, LineWatcher } from "./lines.ts";
import type { RelayInfo } from "./types.ts";

/** How each relay that was tried is doing, put together from its lines. */
export function createStatusBoard() {
  const entries = new Map<number, { relay: RelayInfo; lines: Map<string, LineState>; rttMs?: number }>();
  const listeners = new Set<(status: RelayStatus[]) => void>();
  const mine = new Set<number>();
  let shown = "[]";

  function status(): RelayStatus[] {
    return [...entries.values()].map(({ relay, lines, rttMs }) => {
      const states = [...lines.values()];
      const state = states.includes("online") ? "online" : states.includes("connecting") ? "connecting" : "offline";
      const { id, endpoint, region } = relay;
      return { id, endpoint, region, state, carriesMyMailbox: mine.has(id), ...(rttMs === undefined ? {} : { rttMs }) };
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
      entry = { relay, lines: new Map() };
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
