import type { Address } from "viem";
import { nodeName, type QbftNetwork } from "../network.ts";
import type { Disk } from "./disk.ts";
import type { NodeView } from "./nodeView.ts";
import type { Reference } from "./references.ts";
import type { Summary } from "./summary.ts";

/** The lines of `status`. */
export function report(
  network: QbftNetwork,
  views: readonly NodeView[],
  summary: Summary,
  disk: Disk,
  references: readonly Reference[] = [],
): string[] {
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
    ...(elsewhere.length > 0 ? [line("elsewhere", `${validatorCount(elsewhere.length)}, known by their blocks`)] : []),
    ...references.map((one) => line("also asked", describeReference(network, views, one))),
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

const validatorCount = (count: number): string => `${count} ${count === 1 ? "validator" : "validators"}`;

/** What a node elsewhere says, beside what this host's nodes say. */
export function describeReference(network: QbftNetwork, views: readonly NodeView[], reference: Reference): string {
  const { name, alive, isHere, chainId, genesisHash, head, version } = reference;
  if (!alive) return `${name} does not answer`;
  const own = views.map((view) => view.genesisHash).filter((hash) => hash !== undefined);
  const isSame = own.length === 0 ? "" : own.every((hash) => hash === genesisHash) ? ", as here" : ", NOT as here";
  return [
    `${name}: ${isHere ? "leads to this host, " : ""}chain ${chainId ?? "-"}${chainId === network.chainId ? "" : ", NOT as here"}`,
    `genesis ${genesisHash ? `${genesisHash.slice(0, 10)}…${genesisHash.slice(-4)}${isSame}` : "-"}`,
    `block ${head?.number ?? "-"}`,
    version ?? "version not told",
  ].join(", ");
}

/** What the word of one host of several covers, for whoever might take it for that of the whole network. */
export function scopeOf(
  network: QbftNetwork,
  views: readonly NodeView[],
  { validators, elsewhere }: Summary,
  references: readonly Reference[],
): string[] {
  const here = validators.length - elsewhere.length;
  return [
    `Seen from ${network.here} alone: of ${validatorCount(validators.length)} ${here} ${here === 1 ? "is" : "are"} here. Of the ${elsewhere.length} elsewhere it is known who proposes blocks, no more: run doctor on every host.`,
    ...references.map((one) => `Also asked: ${describeReference(network, views, one)}`),
    ...(isCompared(network, views, references) ? [] : [UNCOMPARED]),
  ];
}

/** Whether a node elsewhere, of this chain's id, told its genesis block beside one here. */
export const isCompared = (
  { chainId }: QbftNetwork,
  views: readonly NodeView[],
  references: readonly Reference[],
): boolean =>
  views.some(({ genesisHash }) => genesisHash) &&
  references.some((one) => one.genesisHash && !one.isHere && one.chainId === chainId);

export const UNCOMPARED =
  "The genesis was compared with no other host's. Name a node elsewhere: --rpc URL, or see that sha256sum shared/genesis.json tells the same on every host.";

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(2)} GB`;
