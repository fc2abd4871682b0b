import { parseArgs } from "node:util";
import { Refusal, say } from "../../../lib/say.ts";
import { changeValidators } from "../changeValidators.ts";
import { createNode } from "../createNode.ts";
import {
  MOST_VALIDATORS,
  networkFolder,
  nodeName,
  type QbftNetwork,
  type QbftNode,
  readNetwork,
  validatorsOf,
} from "../network.ts";
import { observe } from "../watch/observe.ts";
import { summarise } from "../watch/summary.ts";
import { writeFiles } from "../writeFiles.ts";
import { validatorAddress } from "./validatorAddress.ts";
import { wholeNumber } from "./wholeNumber.ts";

/** Blocks a node may be behind and still count as having caught up. */
const CLOSE = 5;

/** `add-validator`: makes a node ready to become one. `add-validator NODE | ADDRESS`: the others vote it in. */
export async function addValidator(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { dir: { type: "string" }, wait: { type: "string", default: "120" } },
  });
  const seconds = wholeNumber("wait", values.wait, 1, 3_600);
  const folder = networkFolder(values.dir);
  const network = readNetwork(folder);
  if (positionals.length > 1) throw new Refusal("Usage: npm run chain -- add-validator [NODE | ADDRESS]");
  const [who] = positionals;
  if (who === undefined) {
    const node = prepare(folder, network);
    say.step(`${nodeName(node)} (${node.address}) is ready; its key is beside its data.`);
    say.note(`Next: npm run chain -- up, and when it has caught up: npm run chain -- add-validator ${nodeName(node)}`);
    return 0;
  }
  const address = validatorAddress(network, who);
  await expectCaughtUp(network, address);
  const { voters, validators } = await changeValidators(network, { address, add: true, seconds });
  say.step(`${voters.map(nodeName).join(", ")} voted; ${address} is one of ${validators.length} validators now.`);
  say.note("Name them to clients: npm run deploy -- --network NAME, and give the relays the new record.");
  return 0;
}

function prepare(folder: string, network: QbftNetwork): QbftNode {
  const index = Math.max(0, ...validatorsOf(network).map((node) => node.index)) + 1;
  if (index > MOST_VALIDATORS) throw new Refusal(`A network has at most ${MOST_VALIDATORS} validators here.`);
  const node = createNode(folder, "validator", index);
  writeFiles(folder, { ...network, nodes: [...validatorsOf(network), node, ...rpcNodes(network)] });
  return node;
}

const rpcNodes = ({ nodes }: QbftNetwork): QbftNode[] => nodes.filter(({ role }) => role === "rpc");

/** A validator that does not follow the chain counts towards the quorum and cannot help to reach it. */
async function expectCaughtUp(network: QbftNetwork, address: string): Promise<void> {
  const views = await observe(network, { outside: [] });
  const own = views.find(({ node }) => node.address === address);
  // Of a node elsewhere nothing is known here.
  if (!own) return;
  const head = summarise(network, views, Date.now()).head?.number ?? 0;
  if (!own.alive) throw new Refusal(`${nodeName(own.node)} does not run. First: npm run chain -- up`);
  const behind = head - (own.blocks[0]?.number ?? 0);
  if (behind > CLOSE)
    throw new Refusal(`${nodeName(own.node)} is ${behind} blocks behind; wait until it has caught up.`);
}
