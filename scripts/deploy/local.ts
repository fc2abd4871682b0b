import { join } from "node:path";
import { privateKeyToAccount } from "viem/accounts";
import { keyFromFileOrNew } from "../lib/keys.ts";
import type { Say } from "../lib/say.ts";
import { type DeployResult, deployContracts } from "./deployContracts.ts";
import { localParameters } from "./parameters.ts";
import type { Parameters } from "./types.ts";

/** SKM the local deployer holds as an ordinary owner: stakes of the relays, and some to try tiers with. */
const LOCAL_SUPPLY = 10_000_000n;

export const localDeploymentFile = (stateDir: string): string => join(stateDir, "deployment.json");
/** Account that deployed the local network and owns its first SKM. */
export const localDeployer = (stateDir: string) =>
  privateKeyToAccount(keyFromFileOrNew(join(stateDir, "keys", "deployer.key")));

export interface LocalDeployOptions {
  stateDir: string;
  rpcUrl: string;
  chainId: number;
  parameters?: Parameters;
  say?: Say;
}

/** Deploys to a local chain whose state lives in `stateDir`, with that folder's own key. */
export function deployLocal(options: LocalDeployOptions): Promise<DeployResult> {
  const deployer = localDeployer(options.stateDir);
  return deployContracts({
    name: "local",
    rpcUrl: options.rpcUrl,
    chainId: options.chainId,
    deployer,
    parameters: options.parameters ?? localParameters,
    file: localDeploymentFile(options.stateDir),
    grants: [{ to: deployer.address, amount: LOCAL_SUPPLY }],
    onOtherVersion: "replace",
    // However fast it is made to run today.
    blockSeconds: 1,
    ...(options.say ? { say: options.say } : {}),
  });
}
