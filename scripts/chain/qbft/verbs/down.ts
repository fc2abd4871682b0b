import { parseArgs } from "node:util";
import { say } from "../../../lib/say.ts";
import { isSpread, networkFolder, readLocalNetwork } from "../network.ts";
import { currentRuntime, forgetRuntime } from "../runtime/chooseRuntime.ts";

/** `down`: stops every node; the chain's data stays. */
export async function down(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { dir: { type: "string" } } });
  const folder = networkFolder(values.dir);
  const network = readLocalNetwork(folder);
  await currentRuntime(folder, network).stop();
  forgetRuntime(folder);
  say.step(`All nodes ${isSpread(network) ? "of this host " : ""}are stopped. The chain stays in ${folder}.`);
  return 0;
}
