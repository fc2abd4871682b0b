import { parseArgs } from "node:util";
import { networkFolder, readLocalNetwork } from "../network.ts";
import { readDisk } from "../watch/disk.ts";
import { observe } from "../watch/observe.ts";
import { report } from "../watch/report.ts";
import { isRunning, summarise } from "../watch/summary.ts";

/** `status`: height, block time, who is missing, rounds, peers, pool, disk. Ends with 1 when no block can be agreed on. */
export async function status(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { dir: { type: "string" } } });
  const folder = networkFolder(values.dir);
  const network = readLocalNetwork(folder);
  const views = await observe(network);
  const summary = summarise(network, views, Date.now());
  for (const line of report(network, views, summary, readDisk(folder, network))) console.log(line);
  return isRunning(network, views, summary) ? 0 : 1;
}
