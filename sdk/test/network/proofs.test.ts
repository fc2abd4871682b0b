import { type Hex, numberToHex } from "viem";
import { beforeAll, describe, expect, test } from "vitest";
import { joinPerson, type Person } from "../../../test/support/network.ts";
import { readBalance } from "../../src/chain/actions/readBalance.ts";
import { readIdentity } from "../../src/chain/actions/readIdentity.ts";
import { createChain } from "../../src/chain/chain.ts";
import { fetchNetwork } from "../../src/chain/network.ts";
import type { IdentityQuery, NetworkInfo } from "../../src/chain/types.ts";
import { proveStorage } from "../../src/chain/verified/accountProof.ts";
import type { Address } from "../../src/types/primitives.ts";
import { idOf, useNetwork } from "../support/network.ts";
import { sealBlock, validators } from "../support/sealedBlocks.ts";
import { chainOf } from "../support/skm.ts";

/**
 * The real chain behind real relays, its blocks sealed on the way by validators of a test: the local node has no seals,
 * a Besu network has. State, roots and proofs are the node's own.
 */

const network = useNetwork();
const sealers = validators(4);
const longName = "a-name-that-is-far-too-long-for-one-word-of-storage";
const stranger: Address = `0x${"d1".repeat(20)}`;
let info: NetworkInfo;
let [short, long]: Person[] = [];

beforeAll(async () => {
  const known = await fetchNetwork(network.urls[0] as string);
  info = { ...known, validators: sealers.map(({ address }) => address) };
  [short, long] = await Promise.all([joinPerson(network, "ada"), joinPerson(network, longName)]);
  await chainOf(network).giveSkm(addressOf(short), 1_234_567n);
});
const addressOf = (person: Person | undefined): Address => (person as Person).wallet.address;

type Json = Record<string, never>;
/** What becomes of an answer on the way; called for answers of one relay. */
type Lie = (method: string, result: Json, params: readonly unknown[]) => unknown;

/** A chain that a client sees through all relays, some of which lie; `asked` says who was asked for what. */
function chain(lies: Record<number, Lie> = {}, seen: NetworkInfo = info) {
  const asked: string[] = [];
  const sealed: typeof fetch = async (input, init) => {
    const relay = network.urls.findIndex((url) => String(input).startsWith(url));
    const { method, params } = JSON.parse(String(init?.body)) as { method: string; params: unknown[] };
    asked.push(`${relay} ${method}`);
    const answer = (await (await fetch(input, init)).json()) as { result?: Json };
    if (method === "eth_getBlockByNumber" && answer.result)
      answer.result = (await sealBlock(answer.result, { set: sealers })) as Json;
    const lie = lies[relay];
    return Response.json(
      lie && answer.result ? { ...answer, result: await lie(method, answer.result, params) } : answer,
    );
  };
  const endpoints = () => network.urls.map((url) => ({ url: `${url}/rpc`, operator: url }));
  return { asked, chain: createChain(seen, { endpoints, fetch: sealed }) };
}

const quorum = { quorum: true };
const unproven = { code: "CHAIN_UNPROVEN" };
const skm = (lies: Record<number, Lie> = {}) => readBalance(chain(lies).chain, info.contracts.skm, addressOf(short));
const change = (hex: Hex): Hex => `${hex.slice(0, -1)}${hex.endsWith("1") ? "2" : "1"}` as Hex;

const otherValue: Lie = (method, result) =>
  method === "eth_getProof"
    ? { ...result, storageProof: [{ ...(result.storageProof as Json[])[0], value: numberToHex(10n ** 20n) }] }
    : result;
const otherNode: Lie = (method, result) => {
  if (method !== "eth_getProof") return result;
  const [first] = result.storageProof as unknown as { proof: Hex[]; value: Hex }[];
  return { ...result, storageProof: [{ ...first, proof: first?.proof.map(change) }] };
};
const otherRoot: Lie = (method, result) =>
  method === "eth_getBlockByNumber" ? { ...result, stateRoot: change(result.stateRoot) } : result;
const otherSealers: Lie = async (method, result) =>
  method === "eth_getBlockByNumber" ? sealBlock(result, { set: validators(4, 500) }) : result;

describe("names and balances that are proven", () => {
  test("are what the contracts say, by whatever an entry is asked for", async () => {
    for (const person of [short, long] as Person[]) {
      const publicId = idOf(person);
      const plain = chain({}, { ...info, validators: undefined as never }).chain;
      const told = await readIdentity(plain, { publicId }, quorum);
      expect(told?.name).toBe(person.name);
      const queries: IdentityQuery[] = [
        { publicId },
        { name: person.name },
        { owner: person.wallet.address },
        { id: told?.id ?? 0n },
      ];
      for (const query of queries) {
        const seen = chain();
        expect(await readIdentity(seen.chain, query, quorum)).toEqual(told);
        expect(seen.asked.some((one) => one.includes("eth_getProof"))).toBe(true);
        expect(seen.asked.some((one) => one.includes("eth_call"))).toBe(false);
      }
    }
    expect(await skm()).toBe(1_234_567n);
    expect(await skm()).toBe(await chainOf(network).skmOf(addressOf(short)));
  });

  test("so is that there is none, and that a contract is not there at all", async () => {
    expect(await readIdentity(chain().chain, { name: "nobody-at-all" }, quorum)).toBeUndefined();
    expect(await readIdentity(chain().chain, { owner: stranger }, quorum)).toBeUndefined();
    expect(await readIdentity(chain().chain, { id: 999n }, quorum)).toBeUndefined();
    expect(await readBalance(chain().chain, info.contracts.skm, stranger)).toBe(0n);
    const elsewhere = { ...info, contracts: { ...info.contracts, identityRegistry: stranger } };
    expect(await readIdentity(chain({}, elsewhere).chain, { publicId: idOf(short as Person) }, quorum)).toBeUndefined();
  });

  test.each([
    ["another value", otherValue],
    ["another node in the proof", otherNode],
    ["another state", otherRoot],
    ["other validators", otherSealers],
  ])("relays that tell %s are not believed; where none tells the truth, nothing is", async (_, lie) => {
    expect(await skm({ 0: lie, 1: lie })).toBe(1_234_567n);
    await expect(skm({ 0: lie, 1: lie, 2: lie })).rejects.toMatchObject(unproven);
  });

  test("a relay that was caught is asked for nothing more", async () => {
    const seen = chain({ 0: otherRoot, 1: otherValue });
    const read = () => readBalance(seen.chain, info.contracts.skm, addressOf(short));
    // Whom a read asks first is chance.
    for (let times = 0; times < 12; times++) expect(await read()).toBe(1_234_567n);
    seen.asked.length = 0;
    for (let times = 0; times < 3; times++) expect(await read()).toBe(1_234_567n);
    expect(seen.asked.filter((one) => !one.startsWith("2 "))).toEqual([]);
    await seen.chain.rpc.request("eth_blockNumber", []);
    expect(seen.asked.at(-1)).toBe("2 eth_blockNumber");
  });

  test("nobody is shown an older block than one they saw", async () => {
    let isStale = false;
    const old: Record<string, Json> = {};
    const stale: Lie = (method, result) => {
      if (method !== "eth_getBlockByNumber") return result;
      old.first ??= result;
      return isStale ? old.first : result;
    };
    const seen = chain({ 0: stale, 1: stale, 2: stale });
    const read = () => readBalance(seen.chain, info.contracts.skm, addressOf(short));
    expect(await read()).toBe(1_234_567n);
    await chainOf(network).mine(3);
    expect(await read()).toBe(1_234_567n);
    isStale = true;
    await expect(read()).rejects.toMatchObject({ code: "CHAIN_UNREACHABLE" });
  });

  test("a proof is of one slot, of one state, and of one contract", async () => {
    const { rpc } = chain().chain;
    const at = numberToHex(9, { size: 32 });
    const { contracts } = info;
    const [block, proof] = (await Promise.all([
      rpc.request("eth_getBlockByNumber", ["latest", false]),
      rpc.request("eth_getProof", [contracts.skm, [at], "latest"]),
    ])) as [Json, Json];
    // Both may be of neighbouring blocks: the root is in the first node.
    const root = (await import("viem")).keccak256((proof.accountProof as Hex[])[0] as Hex);
    const supply = proveStorage(root, contracts.skm, [at], proof);
    expect(supply[0]).toBeGreaterThan(10n ** 18n);
    const wrong: [Hex, Address, Hex][] = [
      [root, contracts.skm, numberToHex(10, { size: 32 })],
      [root, contracts.identityRegistry, at],
      [change(root), contracts.skm, at],
    ];
    for (const [state, contract, slot] of wrong)
      expect(() => proveStorage(state, contract, [slot], proof)).toThrow(expect.objectContaining(unproven));
    expect(() => proveStorage(root, contracts.skm, [at, at], proof)).toThrow(expect.objectContaining(unproven));
    expect(() => proveStorage(root, contracts.skm, [at], { ...proof, accountProof: "0x" })).toThrow();
    expect(block.stateRoot).toMatch(/^0x[0-9a-f]{64}$/);
  });
});
