import { parseArgs } from "node:util";
import { bold, say } from "../../../lib/say.ts";
import { isSpread, networkFolder, readLocalNetwork } from "../network.ts";
import { clockOffset } from "../watch/clock.ts";
import { diagnose } from "../watch/diagnose.ts";
import { observe } from "../watch/observe.ts";
import { unreachablePeers } from "../watch/peerPorts.ts";
import { observeReferences, referencesOf } from "../watch/references.ts";
import { scopeOf } from "../watch/report.ts";
import { summarise } from "../watch/summary.ts";

/** `doctor`: what is wrong with a network, what it means and what to do. Ends with 1 when something is. */
export async function doctor(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      dir: { type: "string" },
      "time-server": { type: "string", default: "pool.ntp.org" },
      rpc: { type: "string", multiple: true, default: [] },
    },
  });
  const network = readLocalNetwork(networkFolder(values.dir));
  const addresses = referencesOf(network, values.rpc);
  const [views, clockOffsetMs, unreachable] = await Promise.all([
    observe(network),
    clockOffset(values["time-server"]),
    unreachablePeers(network),
  ]);
  const references = await observeReferences(network, addresses, views);
  if (clockOffsetMs === undefined) {
    say.note(`The clock was not checked: ${values["time-server"]} does not answer. Another one: --time-server HOST`);
  }
  const now = Date.now();
  const findings = diagnose({ network, views, now, clockOffsetMs, unreachable, references });
  for (const { what, means, todo } of findings) {
    say.warn(bold(what));
    console.error(`    It means: ${means}\n    To do:    ${todo}`);
  }
  if (isSpread(network)) {
    for (const line of scopeOf(network, views, summarise(network, views, now), references)) say.note(line);
  }
  if (findings.length === 0) say.step("Nothing is wrong that can be seen from this machine.");
  return findings.length === 0 ? 0 : 1;
}
