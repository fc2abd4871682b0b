import { parseArgs } from "node:util";
import { Refusal } from "../../../lib/say.ts";
import { localNodes, networkFolder, nodeName, readLocalNetwork } from "../network.ts";
import { currentRuntime } from "../runtime/chooseRuntime.ts";
import { wholeNumber } from "./wholeNumber.ts";

/** `logs [NODE]`: the last lines of one node's log, or of all. */
export async function logs(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { dir: { type: "string" }, lines: { type: "string", default: "50" } },
  });
  const lines = wholeNumber("lines", values.lines, 1, 100_000);
  const folder = networkFolder(values.dir);
  const network = readLocalNetwork(folder);
  const names = localNodes(network).map(nodeName);
  const unknown = positionals.find((name) => !names.includes(name));
  if (unknown !== undefined || positionals.length > 1) {
    throw new Refusal(`Usage: npm run chain -- logs [${names.join(" | ")}] [--lines N]`);
  }
  await currentRuntime(folder, network).logs(positionals[0], lines);
  return 0;
}
