import { parseArgs } from "node:util";
import { say } from "../../../lib/say.ts";
import { isSpread, localNodes, networkFolder, readLocalNetwork } from "../network.ts";
import { currentRuntime } from "../runtime/chooseRuntime.ts";
import { untilUp } from "../runtime/untilUp.ts";
import { wholeNumber } from "./wholeNumber.ts";

/** `restart-all`: stops every node and starts them together, so that their round timers begin anew at the same time. */
export async function restartAll(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: { dir: { type: "string" }, wait: { type: "string", default: "180" } },
  });
  const seconds = wholeNumber("wait", values.wait, 1, 3_600);
  const folder = networkFolder(values.dir);
  const network = readLocalNetwork(folder);
  const runtime = currentRuntime(folder, network);
  await runtime.stop();
  await runtime.start();
  const spread = isSpread(network);
  say.step(
    `${localNodes(network).length} nodes are started together; waiting for ${spread ? "their answers" : "blocks"} ...`,
  );
  const head = await untilUp(network, runtime, seconds);
  say.step(
    spread ? `Every node of this host answers; block ${head}.` : `The chain runs: every node has block ${head}.`,
  );
  if (spread) say.note("Timers begin anew on this host only. Run the same on every other host now, within a minute.");
  return 0;
}
