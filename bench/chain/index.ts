import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { rpc } from "../../scripts/chain/rpc.ts";
import { localDeployer } from "../../scripts/deploy/local.ts";
import type { Hex } from "../../sdk/src/types/primitives.ts";
import { startTestNetwork, type TestNetwork } from "../../test/support/network.ts";
import { median, report } from "../lib/report.ts";
import { OPERATIONS, type Plan, type Run, WIDTH } from "./plan.ts";
import { openRaw, signTransfer } from "./raw.ts";

/**
 * `npm run bench -- chain [RUNS]`: joins, payments and claims of packets through the SDK and three relays' /rpc on the local
 * chain (a block every second), beside raw transfers of SKM: signed before, sent straight to the node, its blocks followed once
 * for all of them. 50 under way at any time, of both.
 *
 * - joins_, payments_, claims_per_second: until the SDK knows that it is done.
 * - join_, payment_, claim_cpu_ms: CPU time of the client process per operation, beside a raw transfer's with its signature;
 *   and what of it goes to signing, to encoding (with checks and key derivation) and to requests (HTTP, polling, waiting).
 * - requests_per_join, _payment, _claim: HTTP requests.
 * - argon2id_cpu_ms: stretching the security code, which the joins above leave out; client_join_: one person's whole join.
 */

const bench = "chain";
const runs = Math.max(5, Number(process.argv[2] ?? 5));
const skm = 10n ** 18n;

/** Wallets with SKM, from the local deployer. */
async function fund({ chain, deployment, stateDir }: TestNetwork, keys: readonly Hex[], amount: bigint): Promise<void> {
  const deployer = localDeployer(stateDir);
  const first = Number(await rpc<Hex>(chain.rpcUrl, "eth_getTransactionCount", [deployer.address, "latest"]));
  const node = await openRaw(chain.rpcUrl);
  const { skm: token } = deployment.contracts;
  await Promise.all(
    keys.map(async (key, index) => {
      const to = privateKeyToAccount(key).address;
      const transfer = { chainId: chain.chainId, token, to, amount, nonce: first + index };
      await node.push(await signTransfer(deployer, transfer));
    }),
  );
  await node.close();
}

/** The people's process: nothing else uses its CPU time. */
async function measure(plan: Plan): Promise<Run[]> {
  const child = fork(join(import.meta.dirname, "client.ts"), {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
    execArgv: ["--disable-warning=ExperimentalWarning"],
  });
  const measured: Run[] = [];
  child.on("message", (run) => measured.push(run as Run));
  child.send(plan);
  await once(child, "exit");
  if (measured.length < plan.runs) throw new Error("the client process ended before its last run");
  return measured;
}

function tell(measured: readonly Run[]): void {
  const line = (metric: string, unit: string, of: (run: Run) => number, peer?: (run: Run) => number) => {
    const samples = measured.map(of);
    const beside = peer && { peer: { name: "raw-transfer", value: median(measured.map(peer)) } };
    report({ bench, metric, unit, ours: median(samples), samples, ...beside });
  };
  for (const which of OPERATIONS) {
    line(
      `${which}s_per_second`,
      "1/s",
      ({ operations }) => operations[which].perSecond,
      ({ raw }) => raw.perSecond,
    );
  }
  for (const which of OPERATIONS) {
    line(
      `${which}_cpu_ms`,
      "ms",
      ({ operations }) => operations[which].cpu.whole,
      ({ raw }) => raw.cpuMs,
    );
    for (const part of ["signing", "encoding", "requests"] as const)
      line(`${which}_${part}_cpu_ms`, "ms", ({ operations }) => operations[which].cpu[part]);
    line(`requests_per_${which}`, "requests", ({ operations }) => operations[which].requests);
  }
  line("argon2id_cpu_ms", "ms", ({ argon2Ms }) => argon2Ms);
  line("client_join_ms", "ms", ({ client }) => client.ms);
  line("client_join_cpu_ms", "ms", ({ client }) => client.cpuMs);
}

// One machine is many people here: no relay may hold that against them.
const network = await startTestNetwork({ relaySettings: { RPC_PER_SECOND: "100000", RPC_BURST: "1000000" } });
try {
  const hostKey = generatePrivateKey();
  const senderKeys = Array.from({ length: WIDTH }, () => generatePrivateKey());
  await fund(network, [hostKey, ...senderKeys], 100_000n * skm);
  const { chain, deployment, urls: relays } = network;
  const { skm: token } = deployment.contracts;
  tell(await measure({ relays, rpcUrl: chain.rpcUrl, runs, hostKey, senderKeys, token }));
} finally {
  await network.stop();
}
process.exit(0);
