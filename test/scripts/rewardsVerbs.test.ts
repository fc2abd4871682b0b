import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Address, getAddress, parseEther } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Chain, startChain } from "../../scripts/chain/startChain.ts";
import { compileContracts } from "../../scripts/codegen/compile.ts";
import { deployContracts } from "../../scripts/deploy/deployContracts.ts";
import { localParameters } from "../../scripts/deploy/parameters.ts";
import { createSender } from "../../scripts/deploy/sender.ts";
import { writeJson } from "../../scripts/lib/files.ts";
import { randomKey } from "../../scripts/lib/keys.ts";
import { attest, toFile } from "../../scripts/rewards/attestation.ts";
import { skmAbi } from "../../sdk/src/generated/abis.ts";
import { reorderedBatch } from "../support/faults/reorderedBatch.ts";
import { startFaultyRpc } from "../support/faultyRpc.ts";
import { starter } from "./support/starter.ts";
import { tempDir } from "./support/temp.ts";

let chain: Chain;

beforeAll(async () => {
  await compileContracts();
  chain = await startChain({ blockSeconds: 0.1 });
});
afterAll(() => chain.stop());

async function rewards(...args: string[]): Promise<{ code: number | null; text: string }> {
  const command = starter(tempDir(), ["rewards", ...args], "chain");
  return { code: await command.ended(), text: command.output() };
}

/** A file that its owner alone can read. */
function keyFile(folder: string, name: string, key: string): string {
  const file = join(folder, name);
  writeFileSync(file, key, { mode: 0o600 });
  return file;
}

it("counts, signs and claims at the contract of a chain", async () => {
  const folder = tempDir();
  const secrets = Array.from({ length: 4 }, randomKey);
  const attesters = secrets
    .map((key) => privateKeyToAccount(key))
    .toSorted((a, b) => (a.address.toLowerCase() < b.address.toLowerCase() ? -1 : 1));
  const file = join(folder, "test.json");
  const { deployment } = await deployContracts({
    name: "test",
    rpcUrl: chain.rpcUrl,
    chainId: chain.chainId,
    deployer: privateKeyToAccount(randomKey()),
    parameters: localParameters,
    file,
    attesters: attesters.map(({ address }) => address),
  });
  const at = ["--deployment", file, "--rpc-url", chain.rpcUrl];

  // No period has ended on so young a chain.
  expect(await rewards("tally", ...at)).toMatchObject({
    code: 0,
    text: expect.stringContaining("0 sums, all periods before 0 counted."),
  });
  // Also where a node answers a batch in another order.
  const nodes = await startFaultyRpc(chain.rpcUrl);
  const reordered = nodes.inject(reorderedBatch());
  expect(await rewards("tally", "--deployment", file, "--rpc-url", nodes.url("one"))).toMatchObject({
    code: 0,
    text: expect.stringContaining("0 sums, all periods before 0 counted."),
  });
  expect(reordered.hits()).toBeGreaterThan(0);
  await nodes.stop();
  const odd = join(folder, "odd.json");
  writeJson(odd, { ...deployment, blockSeconds: 7 });
  expect(await rewards("tally", "--deployment", odd, "--rpc-url", chain.rpcUrl)).toMatchObject({
    code: 1,
    text: expect.stringContaining("Rewards cannot be counted by blocks of 7 s"),
  });
  const out = join(folder, "signed.json");
  const own = keyFile(folder, "attester.key", secrets[0] as string);
  expect(await rewards("sign", ...at, "--key-file", own, "--out", out)).toMatchObject({
    code: 0,
    text: expect.stringContaining("signed 0 sums"),
  });
  const any = keyFile(folder, "any.key", randomKey());
  expect(await rewards("sign", ...at, "--key-file", any, "--out", out)).toMatchObject({
    code: 1,
    text: expect.stringContaining("is not one of the attesters"),
  });

  expect(await rewards("sign", ...at, "--key-file", own, "--out", own)).toMatchObject({
    code: 1,
    text: expect.stringContaining("--out would be written over the key"),
  });

  // What three of the four would have signed had there been more blocks.
  const operator = privateKeyToAccount(randomKey()).address;
  const contract = getAddress(deployment.contracts.operatorRewards);
  const earned = [{ kind: "validators", operator, cumulative: parseEther("0.001") } as const];
  const files: string[] = [];
  for (const [index, attester] of attesters.slice(0, 3).entries()) {
    const attestation = await attest({ chainId: chain.chainId, contract, term: 1n }, earned, attester);
    files.push(join(folder, `${index}.json`));
    writeJson(files[index] as string, toFile(attestation));
  }
  const claim = (...given: string[]) => rewards("claim", ...at, "--key-file", any, ...given);
  expect(await claim(...files.slice(1))).toMatchObject({
    code: 1,
    text: expect.stringContaining("No sum has the signatures of 3 attesters"),
  });
  expect(await claim(...files)).toMatchObject({ code: 0, text: expect.stringContaining(`0.001 SKM to ${operator}`) });
  const { client } = createSender({
    rpcUrl: chain.rpcUrl,
    chainId: chain.chainId,
    account: privateKeyToAccount(randomKey()),
  });
  const balanceOf = (who: Address) =>
    client.readContract({ address: deployment.contracts.skm, abi: skmAbi, functionName: "balanceOf", args: [who] });
  expect(await balanceOf(operator)).toBe(parseEther("0.001"));
  expect(await claim(...files)).toMatchObject({ code: 0, text: expect.stringContaining("nothing is owed") });
  expect(await balanceOf(operator)).toBe(parseEther("0.001"));
});

it("says what is missing", async () => {
  expect((await rewards()).text).toContain("Usage: npm run chain -- rewards tally | sign | claim");
  expect((await rewards("tally")).text).toContain("Usage: npm run chain -- rewards tally --deployment FILE");
  expect((await rewards("claim", "--to")).code).toBe(1);
});
