import { join } from "node:path";
import { parseArgs } from "node:util";
import { privateKeyToAccount } from "viem/accounts";
import { compileContracts } from "../codegen/compile.ts";
import { writeGenerated } from "../codegen/write.ts";
import { parseKey, readKeyFile } from "../lib/keys.ts";
import { root, stateDir } from "../lib/paths.ts";
import { Refusal, runVerb, say } from "../lib/say.ts";
import { deployContracts } from "./deployContracts.ts";
import { deployLocal } from "./local.ts";
import { readNetwork } from "./networks.ts";

/** `npm run deploy -- --network NAME [--key-file FILE]`: brings a network's contracts up, safe to repeat. */
await runVerb(async () => {
  const { values } = parseArgs({ options: { network: { type: "string" }, "key-file": { type: "string" } } });
  const network = readNetwork(root, values.network);
  await compileContracts();
  await expectAnswer(network.rpcUrl, network.name);
  const { deployment, done } =
    network.name === "local"
      ? await deployLocal({ ...network, stateDir: stateDir(), say })
      : await deployContracts({
          ...network,
          deployer: privateKeyToAccount(deployerKey(values["key-file"])),
          file: join(root, "deployments", `${network.name}.json`),
          say,
        });
  if (network.name !== "local") writeGenerated(root);
  say.step(done.length === 0 ? `Network "${network.name}" is complete; nothing was sent.` : `Done: ${done.join(", ")}`);
  for (const [name, address] of Object.entries(deployment.contracts)) console.log(`  ${name.padEnd(17)} ${address}`);
  console.log(`  ${"governor".padEnd(17)} ${deployment.governor}`);
  console.log(`  ${"block seconds".padEnd(17)} ${deployment.blockSeconds ?? 1}`);
  return 0;
});

function deployerKey(file: string | undefined): `0x${string}` {
  const path = file ?? process.env.SKRUMBLE_DEPLOYER_KEY_FILE;
  if (path) return readKeyFile(path);
  const key = process.env.SKRUMBLE_DEPLOYER_KEY;
  if (key) return parseKey(key, "SKRUMBLE_DEPLOYER_KEY");
  throw new Refusal(
    "No deployer key: set SKRUMBLE_DEPLOYER_KEY or SKRUMBLE_DEPLOYER_KEY_FILE, or pass --key-file FILE.",
  );
}

async function expectAnswer(rpcUrl: string, name: string): Promise<void> {
  try {
    await fetch(rpcUrl, { method: "POST", body: "{}", signal: AbortSignal.timeout(10_000) });
  } catch {
    const hint = name === "local" ? " Start it with: npm run chain" : "";
    throw new Refusal(`The chain of network "${name}" does not answer at ${new URL(rpcUrl).origin}.${hint}`);
  }
}
