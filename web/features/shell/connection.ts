import { create } from "zustand";
import type { Client, RelayStatus } from "../../lib/types.ts";

interface ConnectionState {
  relays: RelayStatus[];
  chain: "online" | "stalled";
  /** Relays have had a moment to answer: before that, being without connection is no news. */
  settled: boolean;
}

/** A start or a change of network is given this long before the thin line shows. */
const patience = 2_500;

export const useConnection = create<ConnectionState>(() => ({ relays: [], chain: "online", settled: false }));

/** From the beginning on: it is told once at the start, and people join while it stands still. */
export function hearChain(client: Client): () => void {
  useConnection.setState({ chain: "online" });
  return client.on("chain", ({ state }) => useConnection.setState({ chain: state }));
}

/** What is under way waits until the chain makes blocks again. */
export const useStandstill = (): boolean => useConnection(({ chain }) => chain === "stalled");

export function attachConnection(client: Client): () => void {
  useConnection.setState({ relays: client.relays(), settled: false });
  const timer = setTimeout(() => useConnection.setState({ settled: true }), patience);
  const stops = [
    client.on("relays", (relays) => useConnection.setState({ relays })),
    client.on("chain", ({ state }) => useConnection.setState({ chain: state })),
  ];
  return () => {
    clearTimeout(timer);
    for (const stop of stops) stop();
  };
}

/** So many messages are read in no time: nobody needs to hear of them. */
const few = 100;

export type Line =
  | { kind: "offline" }
  | { kind: "catching-up"; left: number }
  | { kind: "degraded"; online: number; total: number }
  | { kind: "stalled" };

/** What the thin line says, if anything: only what changes what a person can do. */
export function lineOf({ relays, chain, settled }: ConnectionState): Line | undefined {
  if (!settled) return undefined;
  const mine = relays.filter((relay) => relay.carriesMyMailbox);
  const watched = mine.length > 0 ? mine : relays;
  const online = watched.filter((relay) => relay.state === "online").length;
  if (online === 0) return { kind: "offline" };
  // Each relay keeps a copy of the same messages.
  const left = Math.max(...watched.map(({ behind }) => behind));
  if (left >= few) return { kind: "catching-up", left };
  if (chain === "stalled") return { kind: "stalled" };
  if (online < watched.length) return { kind: "degraded", online, total: watched.length };
  return undefined;
}
