import { parseArgs } from "node:util";
import { readJson } from "../../../lib/files.ts";
import { Refusal, say } from "../../../lib/say.ts";
import { checkGenesis, type Genesis } from "../genesis.ts";
import { isSpread, localNodes, networkFolder, type QbftNetwork, readLocalNetwork } from "../network.ts";
import { rpcUrlOf } from "../places.ts";
import { wantedRuntime } from "../runtime/chooseRuntime.ts";
import { untilUp } from "../runtime/untilUp.ts";
import { otherChain } from "../watch/diagnoseReferences.ts";
import { observe } from "../watch/observe.ts";
import { observeReferences, type ReferenceAddress, referencesOf } from "../watch/references.ts";
import { describeReference, isCompared, UNCOMPARED } from "../watch/report.ts";
import { genesisFile } from "../writeFiles.ts";
import { wholeNumber } from "./wholeNumber.ts";

/** `up`: starts every node of a network and waits for its first block; of several hosts, compares the genesis with the others'. */
export async function up(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      dir: { type: "string" },
      native: { type: "boolean", default: false },
      wait: { type: "string", default: "180" },
      rpc: { type: "string", multiple: true, default: [] },
    },
  });
  const seconds = wholeNumber("wait", values.wait, 1, 3_600);
  const folder = networkFolder(values.dir);
  const network = readLocalNetwork(folder);
  const addresses = referencesOf(network, values.rpc);
  const genesis = readJson<Genesis>(genesisFile(folder));
  if (!genesis) throw new Refusal(`${genesisFile(folder)} is missing; without it this chain cannot be joined.`);
  checkGenesis(genesis, network);
  const runtime = await wantedRuntime(folder, network, values.native);
  await runtime.start();
  const nodes = localNodes(network);
  const spread = isSpread(network);
  say.step(`${nodes.length} nodes are started; waiting for ${spread ? "their answers" : "blocks"} ...`);
  const head = await untilUp(network, runtime, seconds);
  const rpcNode = nodes.find(({ role }) => role === "rpc");
  const rpc = rpcNode ? ` RPC: ${rpcUrlOf(network, rpcNode)}` : "";
  if (!spread) say.step(`The chain runs: every node has block ${head}.${rpc}`);
  else {
    say.step(`Every node of this host answers; block ${head}.${rpc}`);
    say.note("Blocks come once enough hosts are up. Watch: npm run chain -- status");
  }
  if (addresses.length > 0 || spread) await compareGenesis(network, addresses);
  return 0;
}

/** Nodes of another chain come up just as well; only one elsewhere can tell. */
async function compareGenesis(network: QbftNetwork, addresses: readonly ReferenceAddress[]): Promise<void> {
  const views = await observe(network, { outside: [] });
  const references = await observeReferences(network, addresses, views);
  const wrong = otherChain({ network, views, references });
  for (const one of references) say.note(`Also asked: ${describeReference(network, views, one)}`);
  if (wrong.length > 0) throw new Refusal(wrong.map(({ what, todo }) => `${what} ${todo}`).join("\n"));
  if (!isCompared(network, views, references)) say.note(UNCOMPARED);
}
