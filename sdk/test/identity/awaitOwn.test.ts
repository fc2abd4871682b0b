import { decodeFunctionData, encodeFunctionResult, type Hex, zeroAddress, zeroHash } from "viem";
import { expect, test } from "vitest";
import type { Chain } from "../../src/chain/chain.ts";
import type { Rpc } from "../../src/chain/rpc.ts";
import { identityRegistryAbi } from "../../src/generated/index.ts";
import { awaitOwn } from "../../src/identity/awaitOwn.ts";
import type { Address } from "../../src/types/primitives.ts";
import { contractsAt } from "../support/contracts.ts";

const own = { name: "alice", publicId: `0x${"aa".repeat(32)}`, owner: `0x${"11".repeat(20)}` } as const;
const entry = (owner: Address, publicId: Hex, name: string) => ({
  ...{ owner, keyVersion: 1, registeredAt: 1n, revoked: false, publicId, controller: zeroAddress, devicesBlock: 1n },
  ...{ agreementKey: zeroHash, deviceRoot: zeroHash, saltName: zeroHash, name },
});
const nobody = entry(zeroAddress, zeroHash, "");
const other = entry(`0x${"22".repeat(20)}`, `0x${"bb".repeat(32)}`, "alice");
const mine = entry(own.owner, own.publicId, "alice");

/** @param at who has the name, and what is registered under the public ID, at each look of that */
function chainWhere(named: typeof nobody, at: (look: number) => typeof nobody): Chain {
  let look = 0;
  const answer = async (_: unknown, [{ data }]: [{ data: Hex }]) => {
    const abi = identityRegistryAbi;
    const { functionName } = decodeFunctionData({ abi, data });
    if (functionName === "isAvailable") return encodeFunctionResult({ abi, functionName, result: false });
    const found = functionName === "identityByPublicId" ? at(look++) : named;
    const result = found === nobody ? [0n, nobody] : [7n, found];
    return encodeFunctionResult({ abi, functionName, result } as never);
  };
  const endpoints = ["one", "two"].map((operator) => ({ url: operator, operator }));
  const rpc: Rpc = {
    endpoints: () => endpoints,
    request: (method, params) => answer(method, params as never),
    requestAt: (_, method, params) => answer(method, params as never),
  };
  return { network: { chainId: 1, name: "n", contracts: contractsAt(zeroAddress) }, rpc } as Chain;
}
const { signal } = new AbortController();

test("what was registered is there as soon as relays have that block", async () => {
  const chain = chainWhere(mine, (look) => (look < 4 ? nobody : mine));
  expect(await awaitOwn({ chain, signal }, own)).toMatchObject({ publicId: own.publicId });
});

test("where one relay said that it went through and somebody else was quicker, the name is taken", async () => {
  const chain = chainWhere(other, () => nobody);
  await expect(awaitOwn({ chain, signal }, own)).rejects.toMatchObject({ code: "NAME_TAKEN" });
});
