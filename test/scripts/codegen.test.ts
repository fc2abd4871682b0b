import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { exportName, GENERATED_CONTRACTS } from "../../scripts/codegen/generate.ts";
import { staleGenerated, writeGenerated } from "../../scripts/codegen/write.ts";
import { tempDir } from "./support/temp.ts";

/** A repository with nothing but compiled contracts. */
function repository(abi: object[]): string {
  const root = tempDir();
  for (const [name, folder] of Object.entries(GENERATED_CONTRACTS)) {
    const home = join(root, "artifacts", "contracts", folder, `${name}.sol`);
    mkdirSync(home, { recursive: true });
    writeFileSync(join(home, `${name}.json`), JSON.stringify({ abi }));
  }
  return root;
}

const view = (name: string) => ({
  type: "function",
  name,
  inputs: [{ name: "id", type: "uint64", internalType: "IdentityId" }],
  outputs: [],
  stateMutability: "view",
});

it("writes ABIs without constructors and compiler names", () => {
  const root = repository([{ type: "constructor", inputs: [] }, view("identity")]);
  expect(writeGenerated(root).sort()).toEqual(["abis.ts", "index.ts", "networks.ts"]);
  const text = readFileSync(join(root, "sdk", "src", "generated", "abis.ts"), "utf8");
  expect(text).not.toMatch(/constructor|internalType/);
  for (const name of Object.keys(GENERATED_CONTRACTS)) expect(text).toContain(`export const ${exportName(name)} =`);
  expect(exportName("SKM")).toBe("skmAbi");
  expect(exportName("IdentityRegistry")).toBe("identityRegistryAbi");
});

it("notices generated files that are old, edited, missing or foreign", () => {
  const root = repository([view("identity")]);
  writeGenerated(root);
  expect(staleGenerated(root)).toEqual([]);
  const folder = join(root, "sdk", "src", "generated");
  writeFileSync(join(folder, "abis.ts"), "// edited");
  writeFileSync(join(folder, "mine.ts"), "");
  expect(staleGenerated(root)).toEqual(["abis.ts", "mine.ts"]);
  expect(writeGenerated(root)).toEqual(["abis.ts", "mine.ts"]);
  expect(staleGenerated(root)).toEqual([]);
});

it("carries the committed deployments into the SDK", () => {
  const root = repository([]);
  mkdirSync(join(root, "deployments"));
  const contracts = { skm: `0x${"11".repeat(20)}` };
  writeFileSync(join(root, "deployments", "networks.json"), "{}");
  writeFileSync(
    join(root, "deployments", "main.json"),
    JSON.stringify({ name: "main", chainId: 1, fromBlock: 5, contracts, governor: "0x", deployed: {} }),
  );
  writeGenerated(root);
  const text = readFileSync(join(root, "sdk", "src", "generated", "networks.ts"), "utf8");
  expect(text).toContain(`"main": ${JSON.stringify({ chainId: 1, fromBlock: 5, contracts })}`);
  const sealed = { validators: [`0x${"22".repeat(20)}`], validatorsAt: { number: 9, hash: `0x${"33".repeat(32)}` } };
  writeFileSync(
    join(root, "deployments", "main.json"),
    JSON.stringify({ name: "main", chainId: 1, fromBlock: 5, contracts, governor: "0x", deployed: {}, ...sealed }),
  );
  writeGenerated(root);
  const renewed = readFileSync(join(root, "sdk", "src", "generated", "networks.ts"), "utf8");
  expect(renewed).toContain(`"main": ${JSON.stringify({ chainId: 1, fromBlock: 5, contracts, ...sealed })}`);
});

it("says which contract has not been compiled", () => {
  expect(() => writeGenerated(tempDir())).toThrow("SKM has not been compiled");
});
