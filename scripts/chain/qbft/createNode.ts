import { mkdirSync } from "node:fs";
import { keyFromFileOrNew } from "../../lib/keys.ts";
import { identityOf } from "./identity.ts";
import { nodeName, type QbftNode } from "./network.ts";
import { dataFolder, keyFile } from "./writeFiles.ts";

/** A node with its own key, kept where Besu looks for it and readable by its owner alone. A key that is there is used. */
export function createNode(folder: string, role: QbftNode["role"], index: number): QbftNode {
  const name = nodeName({ role, index });
  mkdirSync(dataFolder(folder, name), { recursive: true, mode: 0o700 });
  return { role, index, ...identityOf(keyFromFileOrNew(keyFile(folder, name))) };
}
