import { parseArgs } from "node:util";
import { Refusal, say } from "../../../lib/say.ts";
import { castVotes } from "../castVotes.ts";
import { changeValidators } from "../changeValidators.ts";
import { createNode } from "../createNode.ts";
import { placeOn } from "../hosts.ts";
import {
  isHostAddress,
  isSpread,
  MOST_VALIDATORS,
  networkFolder,
  nodeName,
  type QbftNetwork,
  type QbftNode,
  readLocalNetwork,
  readNetwork,
  validatorsOf,
} from "../network.ts";
import { hostFolder, writeFiles } from "../writeFiles.ts";
import { expectReady } from "./expectReady.ts";
import { sayBallot } from "./sayBallot.ts";
import { validatorAddress } from "./validatorAddress.ts";
import { wholeNumber } from "./wholeNumber.ts";

/**
 * `add-validator [--host ADDRESS]`: makes a node ready to become one. `add-validator NODE | ADDRESS`: the others vote it in, or, on one of several
 * hosts, those of this host do.
 */
export async function addValidator(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      dir: { type: "string" },
      wait: { type: "string", default: "120" },
      host: { type: "string" },
      force: { type: "boolean", default: false },
    },
  });
  const seconds = wholeNumber("wait", values.wait, 1, 3_600);
  const folder = networkFolder(values.dir);
  const [who, more] = positionals;
  if (more !== undefined || (who !== undefined && values.host !== undefined)) {
    throw new Refusal("Usage: npm run chain -- add-validator [--host ADDRESS | NODE | ADDRESS [--force]]");
  }
  if (who === undefined) return prepare(folder, readNetwork(folder), values.host);
  const network = readLocalNetwork(folder);
  const address = validatorAddress(network, who);
  if (!values.force) await expectReady(network, address);
  if (isSpread(network)) {
    const ballot = await castVotes(network, { address, add: true, seconds });
    return sayBallot(ballot, `add-validator ${address}${values.force ? " --force" : ""}`);
  }
  const { voters, validators } = await changeValidators(network, { address, add: true, seconds });
  say.step(`${voters.map(nodeName).join(", ")} voted; ${address} is one of ${validators.length} validators now.`);
  say.note("Name them to clients: npm run deploy -- --network NAME, and give the relays the new record.");
  return 0;
}

function prepare(folder: string, network: QbftNetwork, host: string | undefined): number {
  const index = Math.max(0, ...validatorsOf(network).map((node) => node.index)) + 1;
  if (index > MOST_VALIDATORS) throw new Refusal(`A network has at most ${MOST_VALIDATORS} validators here.`);
  const at = placeOf(network, host);
  const node = createNode(folder, "validator", index, at);
  writeFiles(folder, { ...network, nodes: [...validatorsOf(network), node, ...rpcNodes(network)] });
  const name = nodeName(node);
  if (at) {
    say.step(`${name} (${node.address}) is ready in ${hostFolder(folder, at.host)}`);
    say.note(`Copy that folder to ${at.host} and start it there: npm run chain -- up`);
    say.note(`When it has caught up, on the other hosts: npm run chain -- add-validator ${node.address}`);
  } else {
    say.step(`${name} (${node.address}) is ready; its key is beside its data.`);
    say.note(`Next: npm run chain -- up, and when it has caught up: npm run chain -- add-validator ${name}`);
  }
  return 0;
}

/** Keys of a spread network are made where all its folders are: a host knows of no other one's. */
function placeOf(network: QbftNetwork, host: string | undefined): QbftNode["at"] {
  if (!isSpread(network)) {
    if (host !== undefined) throw new Refusal("--host is for a network of several hosts (init --hosts).");
    return undefined;
  }
  if (network.here !== undefined)
    throw new Refusal("Make it in the folder that init made, where all hosts' folders are.");
  if (!isHostAddress(host)) throw new Refusal("On which host? npm run chain -- add-validator --host ADDRESS (IPv4)");
  return placeOn(host, network.nodes, network.portOffset);
}

const rpcNodes = ({ nodes }: QbftNetwork): QbftNode[] => nodes.filter(({ role }) => role === "rpc");
