import { localNodes, nodeName, type QbftNetwork, type QbftNode } from "./network.ts";
import { HEAP, nodeFlags } from "./nodeFlags.ts";
import { composePlace, hostPlace, SUBNET } from "./places.ts";

/**
 * 26.9.0 has fixes of security and ends on lack of memory instead of limping on; below 26.8 the ENTERPRISE profile is
 * another one, and below 26.6.1 a contract that reads prevrandao stops QBFT validators. Pinned, because all validators
 * must execute alike: upgrade on purpose, one node after the other (docs/operating.md).
 */
export const BESU_IMAGE = "hyperledger/besu:26.9.0";

/** JSON is YAML, with nothing left to quoting rules. */
const text = (value: unknown): string => JSON.stringify(value);

/** `compose.yaml`: the nodes of one host. RPC is on its loopback alone; peers on other hosts reach the P2P ports. */
export function composeFile(network: QbftNetwork): string {
  return [
    "# Written by `npm run chain -- init` and `add-validator`; changes are overwritten.",
    `name: skrumble-qbft-${network.chainId}`,
    "services:",
    ...localNodes(network).flatMap((node) => service(network, node)),
    "networks:",
    "  qbft:",
    "    driver: bridge",
    "    ipam:",
    `      config: [{ subnet: ${text(SUBNET)} }]`,
    "",
  ].join("\n");
}

function service(network: QbftNetwork, node: QbftNode): string[] {
  const name = nodeName(node);
  const place = composePlace(node);
  const host = hostPlace(network, node);
  const flags = nodeFlags(network, node, place, {
    genesis: "/shared/genesis.json",
    staticNodes: "/shared/static-nodes.json",
    data: "/data",
  });
  const ports = [`127.0.0.1:${host.rpcPort}:${place.rpcPort}`];
  if (node.role === "rpc") ports.push(`127.0.0.1:${host.wsPort}:${place.wsPort}`);
  // IPv4 only, as peers' addresses are: without an address Docker opens it by IPv6 as well, past the firewall of docs/operating.md.
  if (node.at) ports.push(`0.0.0.0:${node.at.p2pPort}:${place.p2pPort}`);
  return [
    `  ${name}:`,
    `    image: ${BESU_IMAGE}`,
    "    command:",
    ...flags.map((flag) => `      - ${text(flag)}`),
    `    environment: { BESU_OPTS: ${text(HEAP)} }`,
    `    volumes: ["./shared:/shared:ro", ${text(`./nodes/${name}/data:/data`)}]`,
    `    networks: { qbft: { ipv4_address: ${text(place.p2pHost)} } }`,
    `    ports: ${text(ports)}`,
    "    mem_limit: 2g",
    "    restart: unless-stopped",
    "    stop_grace_period: 30s",
    "    healthcheck:",
    `      test: ["CMD", "bash", "/shared/healthy.sh", ${text(String(place.rpcPort))}]`,
    "      interval: 15s",
    "      timeout: 5s",
    "      retries: 4",
    "      start_period: 90s",
    '    logging: { driver: json-file, options: { max-size: "20m", max-file: "5" } }',
  ];
}
