import { Refusal } from "../../lib/say.ts";
import { isHostAddress, type QbftNode } from "./network.ts";
import { quorumOf } from "./quorum.ts";

const FIRST_P2P_PORT = 30_303;

/** Refuses hosts that a chain cannot be spread over, or not so that it outlives the loss of one. */
export function checkHosts(hosts: readonly string[], validators: number): void {
  const bad = hosts.find((host) => !isHostAddress(host));
  if (bad !== undefined) {
    throw new Refusal(
      `--hosts takes IPv4 addresses that the other hosts reach, not "${bad}": Besu's peers have no names.`,
    );
  }
  const twice = hosts.find((host, at) => hosts.indexOf(host) !== at);
  if (twice !== undefined) throw new Refusal(`--hosts names ${twice} twice.`);
  if (hosts.length > validators) {
    throw new Refusal(`${hosts.length} hosts need as many validators; there are ${validators}. See --validators.`);
  }
  const most = Math.ceil(validators / hosts.length);
  const spare = validators - quorumOf(validators);
  if (most > spare) {
    throw new Refusal(
      `With ${validators} validators on ${hosts.length} ${hosts.length === 1 ? "host" : "hosts"} the chain would halt when one host fails. Name at least ${Math.ceil(validators / spare)} hosts, or leave --hosts away for one machine.`,
    );
  }
}

/** The next place for peers on a host: its lowest P2P port that none of the nodes has. */
export function placeOn(
  host: string,
  nodes: readonly QbftNode[],
  portOffset: number,
): { host: string; p2pPort: number } {
  const taken = nodes.flatMap(({ at }) => (at?.host === host ? [at.p2pPort] : []));
  let p2pPort = FIRST_P2P_PORT + portOffset;
  while (taken.includes(p2pPort)) p2pPort++;
  return { host, p2pPort };
}
