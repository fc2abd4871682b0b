import { mkdirSync } from "node:fs";
import { keyFromFileOrNew } from "../../lib/keys.ts";
import { identityOf } from "./identity.ts";
import { nodeName, type QbftNode } from "./network.ts";
import { dataFolder, hostFolder, keyFile } from "./writeFiles.ts";

/** A node with its own key, kept where Besu looks for it and readable by its owner alone. A key that is there is used. */
export function createNode(folder: string, role: QbftNode["role"], index: number, at?: QbftNode["at"]): QbftNode {
  const name = nodeName({ role, index });
  const own = at ? hostFolder(folder, at.host) : folder;
  mkdirSync(dataFolder(own, name), { recursive: true, mode: 0o700 });
  return { role, index, ...identityOf(keyFromFileOrNew(keyFile(own, name))), ...(at ? { at } : {}) };
}
