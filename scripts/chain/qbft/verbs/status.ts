import { parseArgs } from "node:util";
import { networkFolder, readLocalNetwork } from "../network.ts";
import { readDisk } from "../watch/disk.ts";
import { observe } from "../watch/observe.ts";
import { observeReferences, referencesOf } from "../watch/references.ts";
import { report } from "../watch/report.ts";
import { isRunning, summarise } from "../watch/summary.ts";

/** `status`: height, block time, who is missing, rounds, peers, pool, disk. Ends with 1 when no block can be agreed on. */
export async function status(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: { dir: { type: "string" }, rpc: { type: "string", multiple: true, default: [] } },
  });
  const folder = networkFolder(values.dir);
  const network = readLocalNetwork(folder);
  const addresses = referencesOf(network, values.rpc);
  const views = await observe(network);
  const references = await observeReferences(network, addresses, views);
  const summary = summarise(network, views, Date.now());
  for (const line of report(network, views, summary, readDisk(folder, network), references)) console.log(line);
  return isRunning(network, views, summary) ? 0 : 1;
}
