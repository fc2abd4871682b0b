import { chmodSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { writeFileAtomic, writeJson } from "../../lib/files.ts";
import { composeFile } from "./compose.ts";
import { enodeOf } from "./identity.ts";
import { nodeName, type QbftNetwork, type QbftNode, writeNetwork } from "./network.ts";
import { HEAP, nodeFlags } from "./nodeFlags.ts";
import { composePlace, hostPlace, type Place } from "./places.ts";

export const genesisFile = (folder: string): string => join(folder, "shared", "genesis.json");
export const dataFolder = (folder: string, name: string): string => join(folder, "nodes", name, "data");
export const keyFile = (folder: string, name: string): string => join(dataFolder(folder, name), "key");

const script = (name: string): string => readFileSync(join(import.meta.dirname, name), "utf8");

/** Everything of a network's folder that follows from its nodes; written anew when one is added. Keys stay as they are. */
export function writeFiles(folder: string, network: QbftNetwork): void {
  const peers = (place: (node: QbftNode) => Place): string[] =>
    network.nodes.map((node) => enodeOf(node.publicKey, place(node).p2pHost, place(node).p2pPort));
  mkdirSync(join(folder, "shared"), { recursive: true });
  writeJson(join(folder, "shared", "static-nodes.json"), peers(composePlace));
  writeJson(
    join(folder, "shared", "static-nodes.native.json"),
    peers((node) => hostPlace(network, node)),
  );
  writeFileAtomic(join(folder, "shared", "healthy.sh"), script("healthy.sh"));
  makeReadable(join(folder, "shared"));
  writeFileAtomic(join(folder, "start-native.sh"), script("start-native.sh").replace("@HEAP@", HEAP));
  chmodSync(join(folder, "start-native.sh"), 0o755);
  writeFileAtomic(join(folder, "compose.yaml"), composeFile(network));
  for (const node of network.nodes) {
    const name = nodeName(node);
    const flags = nodeFlags(network, node, hostPlace(network, node), {
      genesis: "shared/genesis.json",
      staticNodes: "shared/static-nodes.native.json",
      data: `nodes/${name}/data`,
    });
    writeFileAtomic(join(folder, "nodes", name, "native.flags"), `${flags.join("\n")}\n`);
  }
  // Last: a folder without it was interrupted and can be filled again.
  writeNetwork(folder, network);
}

/** Besu reads these as another user inside its container, whatever the operator's umask is. Nothing there is secret. */
function makeReadable(shared: string): void {
  chmodSync(shared, 0o755);
  for (const name of readdirSync(shared)) chmodSync(join(shared, name), name.endsWith(".sh") ? 0o755 : 0o644);
}
