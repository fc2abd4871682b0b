import type { Address } from "viem";
import { nodeName, type QbftNetwork } from "../network.ts";
import type { Disk } from "./disk.ts";
import type { NodeView } from "./nodeView.ts";
import type { Summary } from "./summary.ts";

/** The lines of `status`. */
export function report(network: QbftNetwork, views: readonly NodeView[], summary: Summary, disk: Disk): string[] {
  const { head, headAgeSeconds, blockSeconds, validators, silent, elsewhere, idle, quorum, roundChanges } = summary;
  const called = (address: Address): string => {
    const node = network.nodes.find((one) => one.address === address);
    return node ? nodeName(node) : address;
  };
  const list = (found: Address[]): string => found.map(called).join(", ") || "none";
  const pools = views.map(({ pool }) => pool).filter((pool) => pool !== undefined);
  const line = (label: string, text: string): string => `${label.padEnd(15)}${text}`;
  const here = validators.length - elsewhere.length;
  const [where, all] = elsewhere.length > 0 ? [" here", ` of ${validators.length}`] : ["", ""];
  return [
    line("height", head ? `${head.number} (${Math.round(headAgeSeconds ?? 0)} s ago)` : "no node answers"),
    line("block time", blockSeconds === undefined ? "-" : `${blockSeconds.toFixed(1)} s`),
    line("validators", `${here - silent.length} of ${here}${where} answer, ${quorum}${all} must agree`),
    line("not answering", list(silent)),
    line("no proposals", list(idle)),
    line("round changes", `${roundChanges.rounds} in the last ${roundChanges.blocks} blocks`),
    line("pool", pools.length > 0 ? `${Math.max(...pools)} transactions` : "-"),
    line("disk left", gigabytes(disk.free)),
    "",
    `${"node".padEnd(15)}${"height".padStart(9)}${"peers".padStart(7)}${"disk".padStart(10)}`,
    ...views.map(({ node, alive, blocks, peers }) => {
      const name = nodeName(node);
      const used = disk.used.get(name);
      const height = alive ? String(blocks[0]?.number ?? 0) : "down";
      const size = used === undefined ? "?" : gigabytes(used);
      return `${name.padEnd(15)}${height.padStart(9)}${String(peers ?? "-").padStart(7)}${size.padStart(10)}`;
    }),
  ];
}

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(2)} GB`;
