import { join } from "node:path";
import { parseArgs } from "node:util";
import { stateDir } from "../lib/paths.ts";
import { nextFreePort } from "../lib/ports.ts";
import { say } from "../lib/say.ts";
import { untilStopped } from "../lib/signals.ts";
import { acquireStateLock } from "../lib/stateLock.ts";
import { openStateDir } from "../start/state.ts";
import { explainChain } from "./explain.ts";
import { startChain } from "./startChain.ts";

/** `npm run chain`: the local chain alone, on the state `npm start` uses. Contracts: `npm run deploy -- --network local`. */
export async function runLocal(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { port: { type: "string", default: "8545" } } });
  openStateDir(stateDir(), say);
  const lock = acquireStateLock(stateDir());
  const port = await nextFreePort(Number(values.port), new Set());
  const chain = await startChain({
    port,
    snapshotFile: join(stateDir(), "chain", "state.gz"),
    onEvent: explainChain(say),
  });
  say.step(`The local chain (id ${chain.chainId}) answers at ${chain.rpcUrl}. Ctrl-C stops it.`);
  await untilStopped();
  await chain.stop();
  lock.release();
  say.step("The chain's state is saved.");
  return 0;
}
