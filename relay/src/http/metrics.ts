import { Counter, collectDefaultMetrics, Gauge, Registry } from "prom-client";

export type RelayFigures = Record<
  | "connections"
  | "subscriptions"
  | "paused"
  | "frames"
  | "bytes"
  | "forwarded"
  | "stored"
  | "refused"
  | "rejected"
  | "rateLimited"
  | "expelled"
  | "commits"
  | "ordered"
  | "anchorsPending"
  | "anchored"
  | "anchorBatches"
  | "rpcRequests"
  | "rpcRefused"
  | "rpcFailed"
  | "documentReads"
  | "documentsPut"
  | "documentsRefused"
  | "shardReads"
  | "shardsRefused"
  | "shardBlock"
  | "storageWritable"
  | "chainHead",
  number
>;

const GAUGES: [keyof RelayFigures, string, string][] = [
  ["connections", "connections", "Open connections"],
  ["subscriptions", "subscriptions", "Mailboxes being read"],
  ["paused", "subscriptions_paused", "Readers whose network is full"],
  ["anchorsPending", "anchor_leaves_pending", "Leaves not yet on chain"],
  ["storageWritable", "storage_writable", "1 while the mailbox database takes writes"],
  ["chainHead", "chain_head", "Newest block seen"],
  ["shardBlock", "shard_block", "Block whose shards of the registry are given out, 0 for none"],
];
const COUNTERS: [keyof RelayFigures, string, string][] = [
  ["frames", "frames_total", "Frames received"],
  ["bytes", "received_bytes_total", "Bytes of frames received"],
  ["forwarded", "forwarded_total", "Messages handed to readers at once"],
  ["stored", "stored_total", "Deposits made durable"],
  ["refused", "refused_total", "Deposits refused"],
  ["rejected", "rejected_total", "Frames that were none"],
  ["rateLimited", "rate_limited_total", "Frames above the rate"],
  ["expelled", "expelled_total", "Connections closed for misuse or slowness"],
  ["commits", "commits_total", "Database commits"],
  ["ordered", "ordered_total", "Leaves given a place in their log, or told it again"],
  ["anchored", "anchored_leaves_total", "Leaves put on chain"],
  ["anchorBatches", "anchor_batches_total", "Anchor transactions"],
  ["rpcRequests", "rpc_requests_total", "JSON-RPC requests"],
  ["rpcRefused", "rpc_refused_total", "JSON-RPC requests refused"],
  ["documentReads", "document_reads_total", "Public documents handed out"],
  ["documentsPut", "documents_put_total", "Public documents taken, or renewed"],
  ["documentsRefused", "documents_refused_total", "Public documents not taken, and requests above the rate"],
  ["shardReads", "shard_reads_total", "Shards and manifests of the registry handed out"],
  ["shardsRefused", "shards_refused_total", "Requests for shards above the rate"],
  ["rpcFailed", "rpc_failed_total", "JSON-RPC batches the chain node did not answer"],
];

/** Prometheus metrics. The core counts in plain numbers; they are read when somebody asks. */
export function createMetrics(read: () => RelayFigures) {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  for (const [key, name, help] of GAUGES) {
    new Gauge({
      name: `skrumble_relay_${name}`,
      help,
      registers,
      collect: function () {
        this.set(read()[key]);
      },
    });
  }
  for (const [key, name, help] of COUNTERS) {
    new Counter({
      ...{ name: `skrumble_relay_${name}`, help, registers },
      collect() {
        this.reset();
        this.inc(read()[key]);
      },
    });
  }
  return { contentType: registry.contentType, text: () => registry.metrics() };
}
