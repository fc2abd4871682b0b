import { existsSync, renameSync } from "node:fs";
import { dirname } from "node:path";
import { parseArgs } from "node:util";
import { Refusal, say } from "../../../lib/say.ts";
import { firstSet } from "../changeValidators.ts";
import {
  FEWEST_VALIDATORS,
  isSpread,
  networkFolder,
  nodeName,
  type QbftNetwork,
  type QbftNode,
  readNetwork,
  validatorsOf,
} from "../network.ts";
import { rpcUrlOf } from "../places.ts";
import { dataFolder, hostFolder, writeFiles } from "../writeFiles.ts";

/**
 * `forget NODE`: takes a node that is gone for good out of the network's files. Its key and data are put aside, not deleted: a later node of the
 * same name must not find the key.
 */
export async function forget(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { dir: { type: "string" }, force: { type: "boolean", default: false } },
  });
  const [name, more] = positionals;
  if (name === undefined || more !== undefined) throw new Refusal("Usage: npm run chain -- forget NODE [--force]");
  const folder = networkFolder(values.dir);
  const network = readNetwork(folder);
  if (network.here !== undefined) {
    throw new Refusal("Do it in the folder that init made, where all hosts' folders are, and copy their files anew.");
  }
  const node = network.nodes.find((one) => nodeName(one) === name);
  if (!node) throw new Refusal(`There is no ${name} in this network.`);
  const left = { ...network, nodes: network.nodes.filter((one) => one !== node) };
  if (node.role === "validator" && !values.force) await expectVotedOut(left, node);

  const own = dirname(dataFolder(node.at ? hostFolder(folder, node.at.host) : folder, name));
  const aside = `${own}-forgotten-${node.address.slice(2, 10)}`;
  writeFiles(folder, left);
  if (existsSync(own)) renameSync(own, aside);
  say.step(`${name} is forgotten; its key and data are in ${aside}`);
  say.note(
    isSpread(network)
      ? "Copy what names the peers to the hosts that are left (docs/operating.md)."
      : "Next: npm run chain -- up, which ends its container and leaves the others alone.",
  );
  return 0;
}

/** A validator counts until it is voted out. Where all hosts' folders are no node can be asked. */
async function expectVotedOut(left: QbftNetwork, node: QbftNode): Promise<void> {
  const name = nodeName(node);
  if (validatorsOf(left).length < FEWEST_VALIDATORS) {
    throw new Refusal(`Fewer than ${FEWEST_VALIDATORS} validators would be left. Add another one first.`);
  }
  if (isSpread(left)) {
    throw new Refusal(
      `${name} may be a validator of the chain still, and nobody can be asked here. Once status on a host no longer counts it: npm run chain -- forget ${name} --force`,
    );
  }
  const set = await firstSet(validatorsOf(left), (one) => rpcUrlOf(left, one));
  if (set.includes(node.address)) {
    throw new Refusal(`${name} is a validator of the chain. First: npm run chain -- remove-validator ${name}`);
  }
}
