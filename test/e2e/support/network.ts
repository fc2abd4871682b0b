import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type LocalNetwork, startNetwork } from "../../../scripts/start/startNetwork.ts";
import { type FailingNodes, startFailingNodes } from "../../support/failingNodes.ts";

/** A network in a folder of its own, gone after the tests that share it. */
export interface E2eNetwork extends LocalNetwork {
  readonly stateDir: string;
  /** Where people open the dApp. */
  readonly url: string;
  /** What stands between relays and chain, where it was asked for. */
  readonly failing?: FailingNodes;
  /** How many lines between people and relays the test broke off so far. */
  drops: number;
  /** Ends chain and relays but keeps what they stored, for tests that read it. */
  pause(): Promise<void>;
}

/** Of what kind the chain nodes of the relays are: `failing` see failingNodes.ts. */
export type Nodes = "sound" | "failing";

export async function openNetwork(nodes: Nodes = "sound"): Promise<E2eNetwork> {
  const stateDir = mkdtempSync(join(tmpdir(), "skrumble-e2e-"));
  let failing: FailingNodes | undefined;
  const relayNodes = async (rpcUrl: string) => {
    failing = await startFailingNodes(rpcUrl);
    return failing.urls;
  };
  const network = await startNetwork({
    ...{ stateDir, chainPort: 0, relayPort: 0, web: true, turn: true },
    ...(nodes === "failing" ? { relayNodes } : {}),
  });
  const [first] = network.relays;
  if (!first) throw new Error("No relay was started.");
  return {
    ...network,
    stateDir,
    url: first.url,
    drops: 0,
    ...(failing ? { failing } : {}),
    pause: network.stop,
    async stop() {
      await network.stop();
      await failing?.stop();
      rmSync(stateDir, { recursive: true, force: true });
    },
  };
}
