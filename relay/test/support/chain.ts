import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { privateKeyToAccount } from "viem/accounts";
import { type Chain, startChain } from "../../../scripts/chain/startChain.ts";
import { deployLocal, localDeployer, localDeploymentFile } from "../../../scripts/deploy/local.ts";
import { createSender } from "../../../scripts/deploy/sender.ts";
import type { Deployment } from "../../../scripts/deploy/types.ts";
import { registerRelay } from "../../../scripts/relay/registry/register.ts";
import { startTestRelay, type TestRelay } from "./relayProcess.ts";

export interface TestChain {
  chain: Chain;
  deployment: Deployment;
  /** Starts a relay that is registered on this chain. */
  startRelay(settings?: Record<string, string>): Promise<TestRelay & { relayId: number }>;
  stop(): Promise<void>;
}

/** A real chain with the contracts on it. */
export async function startTestChain(): Promise<TestChain> {
  const stateDir = mkdtempSync(join(tmpdir(), "skrumble-anchor-"));
  const chain = await startChain({ snapshotFile: join(stateDir, "chain", "state.gz") });
  const { rpcUrl, chainId } = chain;
  const { deployment } = await deployLocal({ stateDir, rpcUrl, chainId });
  const patron = createSender({ rpcUrl, chainId, account: localDeployer(stateDir) });
  const key = () => `0x${randomBytes(32).toString("hex")}` as const;

  return {
    chain,
    deployment,
    async startRelay(settings = {}) {
      const anchorKey = key();
      const chainSettings = { RPC_URL: rpcUrl, DEPLOYMENT: localDeploymentFile(stateDir), ...settings };
      const relay = await startTestRelay(chainSettings, undefined, anchorKey);
      const keys = {
        operator: privateKeyToAccount(key()),
        anchor: privateKeyToAccount(anchorKey),
        signingKey: relay.info().signingKey,
        file: "",
      };
      const place = { roles: 3, region: "test", endpoint: relay.url };
      const relayId = await registerRelay({ rpcUrl, deployment, keys, patron, ...place });
      return Object.assign(relay, { relayId });
    },
    async stop() {
      await chain.stop();
      rmSync(stateDir, { recursive: true, force: true });
    },
  };
}
