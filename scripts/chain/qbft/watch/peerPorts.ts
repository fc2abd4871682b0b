import { connect } from "node:net";
import { localNodes, type QbftNetwork, type QbftNode } from "../network.ts";

/** The nodes of other hosts whose P2P port takes no TCP connection from here. */
export async function unreachablePeers(network: QbftNetwork, timeoutMs = 3_000): Promise<QbftNode[]> {
  const local = localNodes(network);
  const others = network.nodes.filter((node) => !local.includes(node));
  const reached = await Promise.all(others.map((node) => isReachable(node, timeoutMs)));
  return others.filter((_, at) => !reached[at]);
}

/** Whether the P2P port of a node of another host takes a TCP connection from here. */
export const isReachable = async ({ at }: QbftNode, timeoutMs = 3_000): Promise<boolean> =>
  at !== undefined && (await takesConnection(at.host, at.p2pPort, timeoutMs));

function takesConnection(host: string, port: number, timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: timeoutMs });
    const end = (taken: boolean) => {
      socket.destroy();
      resolve(taken);
    };
    socket.once("connect", () => end(true));
    socket.once("timeout", () => end(false));
    socket.once("error", () => end(false));
  });
}
