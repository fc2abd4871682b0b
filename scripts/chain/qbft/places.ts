import type { QbftNetwork, QbftNode } from "./network.ts";

/** Own network of the containers: nodes name each other by address, so it must not change between starts. */
export const SUBNET = "172.28.86.0/24";

export interface Place {
  p2pHost: string;
  p2pPort: number;
  /** Where JSON-RPC is bound to. */
  rpcHost: string;
  rpcPort: number;
  wsPort: number;
}

/** In a container. Its ports are published on the host's loopback only. */
export function composePlace({ role, index, at }: QbftNode): Place {
  const last = (role === "validator" ? 10 : 200) + index;
  const p2pPort = at?.p2pPort ?? 30_303;
  return { p2pHost: `172.28.86.${last}`, p2pPort, rpcHost: "0.0.0.0", rpcPort: 8545, wsPort: 8546 };
}

/** On this machine: all nodes share the loopback, each with ports of its own. Containers publish the same ports. */
export function hostPlace({ portOffset }: QbftNetwork, { role, index, at }: QbftNode): Place {
  const validator = role === "validator";
  const first = (port: number) => portOffset + port + index;
  return {
    p2pHost: "127.0.0.1",
    p2pPort: at?.p2pPort ?? first(validator ? 30_400 : 30_500),
    rpcHost: "127.0.0.1",
    rpcPort: first(validator ? 8_600 : 8_700),
    wsPort: first(8_800),
  };
}

/** Where this machine asks a node, however it is run. */
export const rpcUrlOf = (network: QbftNetwork, node: QbftNode): string =>
  `http://127.0.0.1:${hostPlace(network, node).rpcPort}`;
