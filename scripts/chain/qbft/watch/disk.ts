import { readdirSync, statfsSync, statSync } from "node:fs";
import { join } from "node:path";
import { localNodes, nodeName, type QbftNetwork } from "../network.ts";
import { dataFolder } from "../writeFiles.ts";

export interface Disk {
  /** Bytes of each node's data by name; undefined where this account may not look (a container's owns it). */
  used: Map<string, number | undefined>;
  /** Bytes left on the disk that holds the network's folder. */
  free: number;
}

export function readDisk(folder: string, network: QbftNetwork): Disk {
  const { bavail, bsize } = statfsSync(folder);
  const used = localNodes(network)
    .map(nodeName)
    .map((name) => [name, sizeOf(dataFolder(folder, name))] as const);
  return { used: new Map(used), free: bavail * bsize };
}

function sizeOf(folder: string): number | undefined {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .reduce(
        (sum, entry) => sum + (statSync(join(entry.parentPath, entry.name), { throwIfNoEntry: false })?.size ?? 0),
        0,
      );
  } catch {
    return undefined;
  }
}
