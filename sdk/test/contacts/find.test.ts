import { type ContractFunctionReturnType, encodeFunctionResult } from "viem";
import { expect, test } from "vitest";
import { createChain } from "../../src/chain/chain.ts";
import { findContact } from "../../src/contacts/find.ts";
import { randomBytes, toHex } from "../../src/crypto/bytes.ts";
import { identityRegistryAbi } from "../../src/generated/index.ts";
import { formatLink } from "../../src/identity/link.ts";
import { contractsAt } from "../support/contracts.ts";
import { rpcAnswer } from "../support/rpcAnswer.ts";

/** A registry with one person, asked by link. */

const address = `0x${"12".repeat(20)}` as const;
const [present, former, own] = [toHex(randomBytes(32)), toHex(randomBytes(32)), toHex(randomBytes(32))];
const contracts = contractsAt(address);
const entry: ContractFunctionReturnType<typeof identityRegistryAbi, "view", "identityByPublicId"> = [
  1n,
  {
    owner: address,
    keyVersion: 1,
    registeredAt: 0n,
    revoked: false,
    controller: address,
    devicesBlock: 1n,
    publicId: present,
    agreementKey: present,
    deviceRoot: present,
    saltName: present,
    name: "alice",
  },
];
const result = encodeFunctionResult({ abi: identityRegistryAbi, functionName: "identityByPublicId", result: entry });
const chain = createChain(
  { chainId: 1, name: "x", contracts },
  {
    endpoints: () => [{ url: "http://r.test/rpc", operator: "one" }],
    fetch: async (_, init) => rpcAnswer(init, { result }),
  },
);

const find = (pseudonym: string, publicId: typeof present) =>
  findContact(
    {
      chain,
      book: { get: () => undefined } as never,
      self: { identity: { publicId: own } } as never,
      signal: new AbortController().signal,
    },
    formatLink("http://r.test", { pseudonym, publicId }),
  );

test("a link that says what the registry says leads to the person", async () => {
  expect(await find("alice", present)).toEqual({ publicId: present, pseudonym: "alice" });
});

test("a link that calls them something else leads to them with both names", async () => {
  expect(await find("bob", present)).toEqual({ publicId: present, pseudonym: "alice", linkName: "bob" });
});

test("a link with keys that were replaced leads nowhere", async () => {
  await expect(find("alice", former)).rejects.toMatchObject({
    code: "IDENTITY_CHANGED",
    details: expect.stringContaining("new link"),
  });
});
