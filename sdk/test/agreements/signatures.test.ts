import { encodeFunctionResult, type Hex, parseAbi, toHex } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { expect, test } from "vitest";
import type { SaidSignature } from "../../src/agreements/inChat/said.ts";
import { firstGood, isGood, toldOf } from "../../src/agreements/inChat/signatures.ts";
import { parseDraft } from "../../src/agreements/parseDraft.ts";
import { termsOf, termsTypedData } from "../../src/agreements/termsOf.ts";
import type { Chain } from "../../src/chain/chain.ts";
import type { Address } from "../../src/types/primitives.ts";
import { hire, partyOf } from "../support/agreements.ts";
import { contractsAt } from "../support/contracts.ts";

/** A signature counts where the contract takes it, and nowhere else. */

const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const account = privateKeyToAccount(generatePrivateKey());
const wallet = account.address.toLowerCase() as Address;
const party = partyOf("client", "alice", 0xa11ce, wallet);
const draft = parseDraft(hire({ parties: [party, partyOf("freelancer", "bob", 0xb0b)] }));
const version = { id: "v", number: 1, from: party.publicId, at: 1, draft, changes: [] };
const erc1271 = parseAbi(["function isValidSignature(bytes32 hash, bytes signature) view returns (bytes4)"]);
const dead = new Error("no answer");

/** @param code of the account @param answer what it says of signatures */
function chainWith(code: Hex | Error, answer?: Hex): Chain {
  const request = async (method: string) => {
    if (code instanceof Error) throw code;
    return method === "eth_getCode"
      ? code
      : encodeFunctionResult({ abi: erc1271, functionName: "isValidSignature", result: answer ?? "0xffffffff" });
  };
  const endpoints = () => ["one", "two"].map((operator) => ({ url: operator, operator }));
  return {
    network: { chainId: 31_337, contracts: contractsAt(`0x${"1".repeat(40)}`) },
    rpc: { endpoints, request, requestAt: (_: unknown, method: string) => request(method) },
  } as unknown as Chain;
}

const chain = chainWith("0x");
const typed = termsTypedData(termsOf(draft), chain.network) as Parameters<typeof account.signTypedData>[0];
const signature = await account.signTypedData(typed);
const signed = (changed: Hex = signature, message = "m"): SaidSignature => ({
  ...{ message, version, party, wallet, signature: changed, at: 1 },
});
const v = Number(`0x${signature.slice(130)}`);
const rs = signature.slice(0, 130);

test("of an account without code its key decides, as the contract reads it", async () => {
  expect(await isGood(chain, signed())).toBe(true);
  const otherS = toHex(order - BigInt(`0x${signature.slice(66, 130)}`), { size: 32 }).slice(2);
  const higher: Hex = `0x${signature.slice(2, 66)}${otherS}${v === 27 ? "1c" : "1b"}`;
  expect(await isGood(chain, signed(higher))).toBe(false);
  expect(await isGood(chain, signed(`${rs}${v === 27 ? "00" : "01"}` as Hex))).toBe(false);
  expect(await isGood(chain, signed(`${signature}00` as Hex))).toBe(false);
  expect(await isGood(chain, signed(`0x${"11".repeat(64)}1b`))).toBe(false);
  expect(await isGood(chain, { ...signed(), wallet: `0x${"7".repeat(40)}` })).toBe(false);
});

test("an account with code is asked, also where its key signed (EIP-7702)", async () => {
  expect(await isGood(chainWith("0xef0100"), signed())).toBe(false);
  expect(await isGood(chainWith("0xef0100", "0x1626ba7e"), signed("0x1234"))).toBe(true);
});

test("without the chain a key's signature still shows, and another one is open", async () => {
  const offline = chainWith(dead);
  const some = [signed("0x12", "a"), signed(signature, "b"), signed(signature, "c")];
  const told = await toldOf(offline, some, { asked: false });
  expect([...told]).toEqual([
    ["a", "open"],
    ["b", "true"],
    ["c", "true"],
  ]);
  expect(firstGood(some, told).map(({ message }) => message)).toEqual(["b"]);
  await expect(isGood(offline, signed())).rejects.toThrow();
});
