import { join } from "node:path";
import { buildWeb } from "../build/buildWeb.ts";
import { explainChain } from "../chain/explain.ts";
import { type Chain, startChain } from "../chain/startChain.ts";
import { compileContracts } from "../codegen/compile.ts";
import { writeGenerated } from "../codegen/write.ts";
import { deployLocal, localDeploymentFile } from "../deploy/local.ts";
import type { Deployment } from "../deploy/types.ts";
import { Cleanup } from "../lib/cleanup.ts";
import { root } from "../lib/paths.ts";
import { nextFreePort } from "../lib/ports.ts";
import { type Say, silent } from "../lib/say.ts";
import { type LocalRelay, startRelays } from "./relays/startRelays.ts";
import { serveCopy } from "./serveCopy.ts";
import { startTurn, type Turn } from "./turn.ts";

export interface NetworkOptions {
  stateDir: string;
  /** 8545 when absent, or the next free one; 0 for any. */
  chainPort?: number;
  blockSeconds?: number;
  /** First relay's port (7101 when absent); the others follow. 0 for any. */
  relayPort?: number;
  relays?: number;
  /** Build and serve the dApp. */
  web?: boolean;
  turn?: boolean;
  /** More settings of relay/src/config.ts, without the prefix. */
  relaySettings?: Readonly<Record<string, string>>;
  /** JSON-RPC addresses that the relays use, by their place; the chain's own when absent. @param rpcUrl the chain's own */
  relayNodes?: (rpcUrl: string) => Promise<readonly string[]>;
  say?: Say;
  /** Lets the caller end what already runs before everything does. */
  cleanup?: Cleanup;
}

export interface LocalNetwork {
  chain: Chain;
  deployment: Deployment;
  relays: readonly LocalRelay[];
  turn: Turn | undefined;
  /** Relays first, so that nothing they accepted is lost; then the chain, which saves its state. */
  stop(): Promise<void>;
}

/** The whole local network: chain, contracts, relays and the dApp they serve. */
export async function startNetwork(options: NetworkOptions): Promise<LocalNetwork> {
  const { stateDir, say = silent, web = true } = options;
  const cleanup = options.cleanup ?? new Cleanup();
  const stop = () => cleanup.run();
  try {
    await compileContracts();
    writeGenerated(root);
    say.step("Contracts are compiled");
    // The build needs nothing from the chain: both at once. Its failure is reported where it is awaited.
    const building = web ? buildWeb(say) : undefined;
    building?.catch(() => {});

    const chain = await startChain({
      port: await choosePort(options.chainPort ?? 8545, "the chain", say),
      snapshotFile: join(stateDir, "chain", "state.gz"),
      onEvent: explainChain(say),
      ...(options.blockSeconds ? { blockSeconds: options.blockSeconds } : {}),
    });
    await cleanup.add(chain.stop);
    say.step(`The chain runs (id ${chain.chainId}, no fees)`);
    const { deployment, done } = await deployLocal({
      stateDir,
      rpcUrl: chain.rpcUrl,
      chainId: chain.chainId,
      say: { ...say, step: () => {} },
    });
    if (done.length > 0) await chain.snapshot();
    say.step(done.length > 0 ? "The contracts are deployed" : "The contracts are in place");

    const turn = options.turn === false ? undefined : await startTurn(join(stateDir, "turn"));
    if (turn) await cleanup.add(turn.stop);
    if (options.turn !== false) sayTurn(turn, say);

    const built = await building;
    if (built) say.step("The dApp is built");
    const { relays, stop: stopRelays } = await startRelays({
      stateDir,
      rpcUrl: chain.rpcUrl,
      deployment,
      deploymentFile: localDeploymentFile(stateDir),
      ports: await choosePorts(options.relayPort ?? 7101, options.relays ?? 3, say),
      ...(built ? { staticDir: serveCopy(stateDir, built) } : {}),
      ...(turn ? { turn } : {}),
      ...(options.relaySettings ? { settings: options.relaySettings } : {}),
      ...(options.relayNodes ? { nodes: await options.relayNodes(chain.rpcUrl) } : {}),
      onEvent: ({ relay, kind, reason }) =>
        say.warn(
          kind === "restarted"
            ? `Relay ${relay + 1} runs again`
            : `Relay ${relay + 1} stopped (${reason}) and is being restarted`,
        ),
    });
    await cleanup.add(stopRelays);
    await chain.snapshot();
    say.step(`${relays.length} relays of ${relays.length} operators are registered and running`);
    return { chain, deployment, relays, turn, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function sayTurn(turn: Turn | undefined, say: Say): void {
  if (turn) say.step(`coturn relays calls at 127.0.0.1:${turn.port}`);
  else say.note("coturn is not installed, so calls go directly (Debian: apt install coturn)");
}

async function choosePort(wanted: number, whose: string, say: Say): Promise<number> {
  if (wanted === 0) return 0;
  const port = await nextFreePort(wanted, new Set());
  if (port !== wanted) say.warn(`Port ${wanted} for ${whose} is taken by another program; ${port} is used instead`);
  return port;
}

async function choosePorts(first: number, count: number, say: Say): Promise<number[]> {
  const ports: number[] = [];
  for (let index = 0; index < count; index++) {
    if (first === 0) {
      ports.push(0);
      continue;
    }
    const wanted = first + index;
    const port = await nextFreePort(wanted, new Set(ports));
    if (port !== wanted)
      say.warn(`Port ${wanted} for relay ${index + 1} is taken by another program; ${port} is used instead`);
    ports.push(port);
  }
  return ports;
}
