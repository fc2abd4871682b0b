import { parseArgs } from "node:util";
import { say } from "../../../lib/say.ts";
import { networkFolder, readNetwork } from "../network.ts";
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
  const network = readNetwork(folder);
  const runtime = currentRuntime(folder, network);
  await runtime.stop();
  await runtime.start();
  say.step(`${network.nodes.length} nodes are started together; waiting for blocks ...`);
  say.step(`The chain runs: every node has block ${await untilUp(network, runtime, seconds)}.`);
  return 0;
}
