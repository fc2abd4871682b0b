import { join } from "node:path";
import { localDeployer } from "../../deploy/local.ts";
import { createSender } from "../../deploy/sender.ts";
import type { Deployment } from "../../deploy/types.ts";
import { freePort } from "../../lib/ports.ts";
import { ROLE, registerRelay } from "../../relay/registry/register.ts";
import { relayKeys } from "../../relay/relayKeys.ts";
import { type RelayProcess, startRelayProcess } from "./relayProcess.ts";

export interface RelayEvent {
  /** Place in the list, from 0. */
  relay: number;
  kind: "crashed" | "restarted" | "down";
  reason: string;
}

export interface StartRelaysOptions {
  /** Keys, mailboxes and logs live under it, and the deployer whose SKM pays the stakes. */
  stateDir: string;
  rpcUrl: string;
  /** What each relay asks instead, by its place. */
  nodes?: readonly string[];
  deployment: Deployment;
  /** JSON file of the deployment, for the relay processes. */
  deploymentFile: string;
  /** One relay each; 0 means any free port. */
  ports: readonly number[];
  /** Folder of the built dApp; without it only the protocol is served. */
  staticDir?: string;
  turn?: { urls: readonly string[]; secretFile: string };
  /** More settings of relay/src/config.ts, without the prefix, e.g. { MAX_CONNECTIONS_PER_ADDRESS: "5000" }. */
  settings?: Readonly<Record<string, string>>;
  onEvent?: (event: RelayEvent) => void;
}

export interface LocalRelay extends RelayProcess {
  /** Number in the relay registry. */
  readonly id: number;
  readonly port: number;
  /** Base URL, as registered. */
  readonly url: string;
  readonly dataDir: string;
  readonly logFile: string;
}

export interface LocalRelays {
  readonly relays: readonly LocalRelay[];
  stop(): Promise<void>;
}

/** Starts one relay per port, each with its own operator, stake and keys; safe to repeat on the same folder. */
export async function startRelays(options: StartRelaysOptions): Promise<LocalRelays> {
  const { stateDir, rpcUrl, deployment } = options;
  const patron = createSender({ rpcUrl, chainId: deployment.chainId, account: localDeployer(stateDir) });
  await patron.settled();
  const started: LocalRelay[] = [];
  const stop = async () => {
    await Promise.all(started.map((relay) => relay.halt()));
  };
  try {
    const ports = await distinctPorts(options.ports);
    const all = ports.map(async (port, index) => {
      const relay = await startOne(options, patron, port, index);
      started.push(relay);
      return relay;
    });
    // Wait for all even when one fails, so that none is left running.
    const results = await Promise.allSettled(all);
    const failed = results.find((result) => result.status === "rejected");
    if (failed) throw failed.reason;
    return { relays: results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : [])), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function distinctPorts(wanted: readonly number[]): Promise<number[]> {
  const ports: number[] = [];
  for (const port of wanted) {
    let chosen = port || (await freePort());
    while (ports.includes(chosen)) chosen = await freePort();
    ports.push(chosen);
  }
  return ports;
}

async function startOne(
  options: StartRelaysOptions,
  patron: ReturnType<typeof createSender>,
  port: number,
  index: number,
): Promise<LocalRelay> {
  const { stateDir, rpcUrl, deployment, deploymentFile, staticDir, turn } = options;
  const folder = join(stateDir, "relays", String(index + 1));
  const keys = relayKeys(folder);
  const url = `http://localhost:${port}`;
  const region = "local";
  const roles = ROLE.mailbox | ROLE.anchor | (turn ? ROLE.turn : 0);
  const id = await registerRelay({ rpcUrl, deployment, keys, roles, region, endpoint: url, patron });
  const dataDir = join(folder, "data");
  const logFile = join(stateDir, "logs", `relay-${index + 1}.log`);
  const settings: Record<string, string> = {
    PORT: String(port),
    HOST: "127.0.0.1",
    DATA_DIR: dataDir,
    KEY_FILE: keys.file,
    RPC_URL: options.nodes?.[index] ?? rpcUrl,
    DEPLOYMENT: deploymentFile,
    PUBLIC_URL: url,
    REGION: region,
    ...(staticDir ? { STATIC_DIR: staticDir } : {}),
    ...(turn ? { TURN_URLS: turn.urls.join(","), TURN_SECRET_FILE: turn.secretFile } : {}),
    ...options.settings,
  };
  const env = Object.fromEntries(Object.entries(settings).map(([name, value]) => [`SKRUMBLE_RELAY_${name}`, value]));
  const running = await startRelayProcess({
    env,
    healthUrl: `http://127.0.0.1:${port}/health`,
    logFile,
    ...(options.onEvent ? { onEvent: (event) => options.onEvent?.({ relay: index, ...event }) } : {}),
  });
  return {
    id,
    port,
    url,
    dataDir,
    logFile,
    get pid() {
      return running.pid;
    },
    halt: running.halt,
    resume: running.resume,
  };
}
