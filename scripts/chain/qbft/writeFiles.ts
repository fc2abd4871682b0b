import { chmodSync, copyFileSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { writeFileAtomic, writeJson } from "../../lib/files.ts";
import { composeFile } from "./compose.ts";
import { enodeOf } from "./identity.ts";
import { isSpread, localNodes, nodeName, type QbftNetwork, type QbftNode, writeNetwork } from "./network.ts";
import { HEAP, nodeFlags } from "./nodeFlags.ts";
import { composePlace, hostPlace, type Place } from "./places.ts";

export const genesisFile = (folder: string): string => join(folder, "shared", "genesis.json");
export const dataFolder = (folder: string, name: string): string => join(folder, "nodes", name, "data");
export const keyFile = (folder: string, name: string): string => join(dataFolder(folder, name), "key");

/** Folder of one host in a network of several: complete, and with the keys of its own nodes only. */
export const hostFolder = (folder: string, host: string): string => join(folder, "hosts", host);

const script = (name: string): string => readFileSync(join(import.meta.dirname, name), "utf8");

/** Everything of a network's folder that follows from its nodes; written anew when one is added. Keys stay as they are. */
export function writeFiles(folder: string, network: QbftNetwork): void {
  if (isSpread(network) && network.here === undefined) {
    writeHosts(folder, network);
    return;
  }
  const local = localNodes(network);
  const peers = (place: (node: QbftNode) => Place): string[] =>
    network.nodes.map((node) => {
      // Within a host its own address may lead nowhere (NAT without hairpins).
      const { host, port } =
        node.at && !local.includes(node)
          ? { host: node.at.host, port: node.at.p2pPort }
          : { host: place(node).p2pHost, port: place(node).p2pPort };
      return enodeOf(node.publicKey, host, port);
    });
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
  for (const node of local) {
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

function writeHosts(folder: string, network: QbftNetwork): void {
  for (const host of new Set(network.nodes.flatMap(({ at }) => (at ? [at.host] : [])))) {
    const own = hostFolder(folder, host);
    mkdirSync(join(own, "shared"), { recursive: true });
    copyFileSync(genesisFile(folder), genesisFile(own));
    writeFiles(own, { ...network, here: host });
  }
  writeNetwork(folder, network);
}

/** Besu reads these as another user inside its container, whatever the operator's umask is. Nothing there is secret. */
function makeReadable(shared: string): void {
  chmodSync(shared, 0o755);
  for (const name of readdirSync(shared)) chmodSync(join(shared, name), name.endsWith(".sh") ? 0o755 : 0o644);
}
