import { decodeFunctionData, encodeFunctionResult, type Hex, zeroAddress, zeroHash } from "viem";
import { expect, test, vi } from "vitest";
import type { Chain } from "../../src/chain/chain.ts";
import type { Rpc } from "../../src/chain/rpc.ts";
import { identityRegistryAbi } from "../../src/generated/index.ts";
import { checkName } from "../../src/identity/checkName.ts";
import type { Address } from "../../src/types/primitives.ts";
import { contractsAt } from "../support/contracts.ts";

const nobody = {
  ...{ owner: zeroAddress as Address, keyVersion: 0, registeredAt: 0n, revoked: false, controller: zeroAddress },
  ...{
    devicesBlock: 0n,
    publicId: zeroHash,
    agreementKey: zeroHash,
    deviceRoot: zeroHash,
    saltName: zeroHash,
    name: "",
  },
};
const alice = { ...nobody, owner: `0x${"11".repeat(20)}` as Address, name: "alice" };

/** What a relay says of a name. */
interface Word {
  entry?: typeof nobody;
  isAvailable: boolean;
}
const free: Word = { isAvailable: true };
const held: Word = { isAvailable: false };

/** Relays of an operator each, asked in their order. */
function relays(...words: Word[]): Chain {
  vi.spyOn(Math, "random").mockReturnValue(0.999);
  const endpoints = words.map((_, at) => ({ url: `${at}`, operator: `${at}` }));
  const answer = async (at: number, [{ data }]: [{ data: Hex }]) => {
    const { entry, isAvailable } = words[at] as Word;
    const { functionName } = decodeFunctionData({ abi: identityRegistryAbi, data });
    const abi = identityRegistryAbi;
    if (functionName === "isAvailable") return encodeFunctionResult({ abi, functionName, result: isAvailable });
    return encodeFunctionResult({ abi, functionName: "identityOf", result: entry ? [7n, entry] : [0n, nobody] });
  };
  const rpc: Rpc = {
    endpoints: () => endpoints,
    request: (_, params) => answer(0, params as never),
    requestAt: ({ url }, _, params) => answer(Number(url), params as never),
  };
  return { network: { chainId: 1, name: "n", contracts: contractsAt(zeroAddress) }, rpc } as Chain;
}

test("a name is available, taken, or the wallet's own", async () => {
  expect(await checkName(relays(free, free), " Alice ")).toEqual({ kind: "available", normalized: "alice" });
  const taken: Word = { entry: alice, isAvailable: false };
  expect(await checkName(relays(taken, taken), "alice")).toMatchObject({ kind: "taken" });
  expect(await checkName(relays(taken, taken), "alice", alice.owner)).toMatchObject({ kind: "yours" });
  // Given up a short while ago.
  expect(await checkName(relays(held, held), "alice")).toMatchObject({ kind: "taken" });
  expect(await checkName(relays(), "ab")).toEqual({ kind: "invalid", reason: "too-short" });
});

test.each<[string, Word]>([
  ["is not to be had", { isAvailable: false }],
  ["is somebody else's", { entry: alice, isAvailable: true }],
])("one relay that says a name %s keeps nobody from it", async (_, lie) => {
  expect(await checkName(relays(lie, free, free), "alice")).toMatchObject({ kind: "available" });
  // Against a single other one its word is as good as the truth.
  await expect(checkName(relays(lie, free), "alice")).rejects.toMatchObject({ code: "QUORUM_FAILED" });
});

test("a name that one relay says is free is taken all the same", async () => {
  expect(await checkName(relays(free, held, held), "alice")).toMatchObject({ kind: "taken" });
});
