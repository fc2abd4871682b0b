import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type LocalNetwork, startNetwork } from "../../../scripts/start/startNetwork.ts";

/** A network in a folder of its own, gone after the tests that share it. */
export interface E2eNetwork extends LocalNetwork {
  readonly stateDir: string;
  /** Where people open the dApp. */
  readonly url: string;
  /** Ends chain and relays but keeps what they stored, for tests that read it. */
  pause(): Promise<void>;
}

export async function openNetwork(): Promise<E2eNetwork> {
  const stateDir = mkdtempSync(join(tmpdir(), "skrumble-e2e-"));
  const network = await startNetwork({ stateDir, chainPort: 0, relayPort: 0, web: true, turn: true });
  const [first] = network.relays;
  if (!first) throw new Error("No relay was started.");
  return {
    ...network,
    stateDir,
    url: first.url,
    pause: network.stop,
    async stop() {
      await network.stop();
      rmSync(stateDir, { recursive: true, force: true });
    },
  };
}
