import { parseArgs } from "node:util";
import { Refusal, say } from "../../../lib/say.ts";
import { createNetwork } from "../createNetwork.ts";
import {
  FEWEST_VALIDATORS,
  isHostName,
  MOST_PORT_OFFSET,
  MOST_RPC_NODES,
  MOST_VALIDATORS,
  networkFolder,
  nodeName,
} from "../network.ts";
import { wholeNumber } from "./wholeNumber.ts";

/** Beside the local chain's 7586, so that no transaction of one is valid on the other. */
const CHAIN_ID = "7587";

/** `init`: generates a network into a folder. */
export async function init(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      validators: { type: "string", default: String(FEWEST_VALIDATORS) },
      "rpc-nodes": { type: "string", default: "1" },
      "chain-id": { type: "string", default: CHAIN_ID },
      "block-period": { type: "string", default: "1" },
      "port-offset": { type: "string", default: "0" },
      hosts: { type: "string", default: "" },
      "rpc-hosts": { type: "string", default: "" },
      out: { type: "string" },
    },
  });
  const rpcHosts = values["rpc-hosts"].split(",").filter((host) => host !== "");
  if (!rpcHosts.every(isHostName)) throw new Refusal("--rpc-hosts takes host names, separated by commas.");
  const hosts = values.hosts.split(",").filter((host) => host !== "");
  const folder = networkFolder(values.out);
  const network = createNetwork(folder, {
    validators: wholeNumber("validators", values.validators, FEWEST_VALIDATORS, MOST_VALIDATORS),
    rpcNodes: wholeNumber("rpc-nodes", values["rpc-nodes"], 0, MOST_RPC_NODES),
    chainId: wholeNumber("chain-id", values["chain-id"], 1, 0xffff_ffff),
    blockPeriodSeconds: wholeNumber("block-period", values["block-period"], 1, 2),
    rpcHosts,
    hosts,
    portOffset: wholeNumber("port-offset", values["port-offset"], 0, MOST_PORT_OFFSET),
  });
  say.step(`A network with chain id ${network.chainId} is in ${folder}`);
  for (const node of network.nodes) {
    console.log(
      `  ${nodeName(node).padEnd(13)} ${node.address}${node.at ? `  ${node.at.host}:${node.at.p2pPort}` : ""}`,
    );
  }
  if (hosts.length > 0) {
    say.note(
      "Copy each folder under hosts/ to the host it is named after, and to no other: each holds its own keys only.",
    );
    say.note("Keep these here off the network, as the backup; nobody can make them again.");
  } else {
    say.note("Their keys are under nodes/*/data/key, readable by you alone. Back them up; nobody can make them again.");
  }
  return 0;
}
