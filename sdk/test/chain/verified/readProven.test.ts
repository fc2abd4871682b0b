import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createPublicClient, createWalletClient, erc20Abi, type Hex, http, keccak256, numberToHex } from "viem";
import { generatePrivateKey, type PrivateKeyAccount, privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Chain as LocalChain, startChain } from "../../../../scripts/chain/startChain.ts";
import { compileContracts } from "../../../../scripts/codegen/compile.ts";
import { deployLocal, localDeployer } from "../../../../scripts/deploy/local.ts";
import { createSender, type Sender } from "../../../../scripts/deploy/sender.ts";
import type { Deployment } from "../../../../scripts/deploy/types.ts";
import { registerRelay } from "../../../../scripts/relay/registry/register.ts";
import { commitName } from "../../../src/chain/actions/commitName.ts";
import { readBalance } from "../../../src/chain/actions/readBalance.ts";
import { readIdentity } from "../../../src/chain/actions/readIdentity.ts";
import { readRelays } from "../../../src/chain/actions/readRelays.ts";
import { registerIdentity, registrationTypedData } from "../../../src/chain/actions/registerIdentity.ts";
import { type Chain, createChain } from "../../../src/chain/chain.ts";
import type { IdentityQuery, NetworkInfo } from "../../../src/chain/types.ts";
import { proveStorage } from "../../../src/chain/verified/accountProof.ts";
import { randomBytes, toHex } from "../../../src/crypto/bytes.ts";
import { relayRegistryAbi } from "../../../src/generated/index.ts";
import { deviceRoot } from "../../../src/identity/deviceRoot.ts";
import type { Address, PublicId } from "../../../src/types/primitives.ts";
import { sealBlock, validators } from "../../support/sealedBlocks.ts";

/**
 * The real chain, its blocks sealed on the way by validators of a test: the local node has no seals, a Besu network has.
 * State, roots and proofs are the node's own. Four relays pass it on.
 */

const stateDir = mkdtempSync(join(tmpdir(), "skrumble-proofs-"));
const sealers = validators(4);
const longName = "a-name-that-is-far-too-long-for-one-word-of-storage";
const stranger: Address = `0x${"d1".repeat(20)}`;
const relays = [0, 1, 2, 3].map((number) => `http://relay${number}.test/rpc`);

interface Registered {
  name: string;
  account: PrivateKeyAccount;
  publicId: PublicId;
}
let local: LocalChain;
let deployment: Deployment;
let info: NetworkInfo;
let people: Registered[] = [];

beforeAll(async () => {
  await compileContracts();
  local = await startChain({ port: 0 });
  ({ deployment } = await deployLocal({ stateDir, rpcUrl: local.rpcUrl, chainId: local.chainId }));
  info = {
    ...{ chainId: local.chainId, name: "test", contracts: deployment.contracts },
    validators: sealers.map(({ address }) => address),
  };
  people = await Promise.all(["ada", longName].map(registered));
  await giveSkm(ada().account.address, 1_234_567n);
});
afterAll(async () => {
  await local?.stop();
  rmSync(stateDir, { recursive: true, force: true });
});

const ada = () => people[0] as Registered;
const transport = () => http(local.rpcUrl);

async function registered(name: string): Promise<Registered> {
  const { chain } = through();
  const account = privateKeyToAccount(generatePrivateKey());
  const [publicId, agreementKey, secret, device] = [1, 2, 3, 4].map(() => toHex(randomBytes(32))) as [
    Hex,
    Hex,
    Hex,
    Hex,
  ];
  const controller = privateKeyToAccount(generatePrivateKey()).address;
  const registration = {
    ...{ owner: account.address, name, publicId, agreementKey, controller },
    deviceRoot: toHex(deviceRoot([Buffer.from(device.slice(2), "hex")])),
    deadline: BigInt(Math.floor(Date.now() / 1000) + 3600),
  };
  const signature = await account.signTypedData(registrationTypedData(chain, registration) as never);
  await commitName(chain, { name, owner: account.address, publicId, secret });
  await registerIdentity(chain, { registration, secret, devices: [device], signature });
  return { name, account, publicId };
}

async function giveSkm(to: Address, amount: bigint): Promise<void> {
  const wallet = createWalletClient({ account: localDeployer(stateDir), transport: transport() });
  const hash = await wallet.writeContract({
    ...{ address: info.contracts.skm, abi: erc20Abi, functionName: "transfer", args: [to, amount], chain: null },
    // An estimate is of this moment: a block later the holding window of an account may end, which costs more.
    ...{ maxFeePerGas: 0n, maxPriorityFeePerGas: 0n, gas: 500_000n },
  });
  const { status } = await createPublicClient({ transport: transport() }).waitForTransactionReceipt({ hash });
  expect(status).toBe("success");
}

/** Registers a relay at this address. Returns its operator. */
async function withRelay(endpoint: string): Promise<Sender> {
  const chain = { rpcUrl: local.rpcUrl, chainId: local.chainId };
  const [operator, anchor] = [0, 1].map(() => privateKeyToAccount(generatePrivateKey())) as [
    PrivateKeyAccount,
    PrivateKeyAccount,
  ];
  const keys = { operator, anchor, signingKey: toHex(randomBytes(32)), file: "" };
  const patron = createSender({ ...chain, account: localDeployer(stateDir) });
  const region = endpoint.length > 100 ? "r".repeat(32) : "eu-central";
  await registerRelay({ rpcUrl: local.rpcUrl, deployment, keys, roles: 31, region, endpoint, patron });
  return createSender({ ...chain, account: operator });
}

type Json = Record<string, unknown>;
/** What becomes of an answer on the way; called for answers of one relay. */
type Lie = (method: string, result: Json, params: readonly unknown[]) => unknown;

/** A chain that a client sees through all relays, some of which lie; `asked` says who was asked for what. */
function through(lies: Record<number, Lie> = {}, seen: NetworkInfo = info): { asked: string[]; chain: Chain } {
  const asked: string[] = [];
  const sealed: typeof fetch = async (input, init) => {
    const relay = relays.indexOf(String(input));
    const { method, params } = JSON.parse(String(init?.body)) as { method: string; params: unknown[] };
    asked.push(`${relay} ${method}`);
    const answer = (await (await fetch(local.rpcUrl, init)).json()) as { result?: Json };
    if (method === "eth_getBlockByNumber" && answer.result)
      answer.result = (await sealBlock(answer.result, { set: sealers })) as Json;
    const lie = lies[relay];
    return Response.json(
      lie && answer.result ? { ...answer, result: await lie(method, answer.result, params) } : answer,
    );
  };
  const endpoints = () => relays.map((url) => ({ url, operator: url }));
  return { asked, chain: createChain(seen, { endpoints, fetch: sealed }) };
}

const quorum = { quorum: true };
const unproven = { code: "CHAIN_UNPROVEN" };
const skm = (lies: Record<number, Lie> = {}) =>
  readBalance(through(lies).chain, info.contracts.skm, ada().account.address);
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
  method === "eth_getBlockByNumber" ? { ...result, stateRoot: change(result.stateRoot as Hex) } : result;
const otherSealers: Lie = async (method, result) =>
  method === "eth_getBlockByNumber" ? sealBlock(result, { set: validators(4, 500) }) : result;

describe("names and balances that are proven", () => {
  test("are what the contracts say, by whatever an entry is asked for", async () => {
    for (const person of people) {
      const { publicId } = person;
      const plain = through({}, { ...info, validators: undefined as never }).chain;
      const told = await readIdentity(plain, { publicId }, quorum);
      expect(told?.name).toBe(person.name);
      const queries: IdentityQuery[] = [
        { publicId },
        { name: person.name },
        { owner: person.account.address },
        { id: told?.id ?? 0n },
      ];
      for (const query of queries) {
        const seen = through();
        expect(await readIdentity(seen.chain, query, quorum)).toEqual(told);
        expect(seen.asked.some((one) => one.includes("eth_getProof"))).toBe(true);
        expect(seen.asked.some((one) => one.includes("eth_call"))).toBe(false);
      }
    }
    expect(await skm()).toBe(1_234_567n);
    const withoutSeals = through({}, { ...info, validators: undefined as never }).chain;
    expect(await readBalance(withoutSeals, info.contracts.skm, ada().account.address)).toBe(1_234_567n);
  });

  test("so is that there is none, and that a contract is not there at all", async () => {
    expect(await readIdentity(through().chain, { name: "nobody-at-all" }, quorum)).toBeUndefined();
    expect(await readIdentity(through().chain, { owner: stranger }, quorum)).toBeUndefined();
    expect(await readIdentity(through().chain, { id: 999n }, quorum)).toBeUndefined();
    expect(await readBalance(through().chain, info.contracts.skm, stranger)).toBe(0n);
    const elsewhere = { ...info, contracts: { ...info.contracts, identityRegistry: stranger } };
    expect(await readIdentity(through({}, elsewhere).chain, { publicId: ada().publicId }, quorum)).toBeUndefined();
  });

  test.each([
    ["another value", otherValue],
    ["another node in the proof", otherNode],
    ["another state", otherRoot],
    ["other validators", otherSealers],
  ])("relays that tell %s are not believed; where none tells the truth, nothing is", async (_, lie) => {
    expect(await skm({ 0: lie, 1: lie })).toBe(1_234_567n);
    await expect(skm({ 0: lie, 1: lie, 2: lie, 3: lie })).rejects.toMatchObject(unproven);
  });

  test("a relay that was caught is asked for nothing more", async () => {
    const seen = through({ 0: otherRoot, 1: otherValue });
    const read = () => readBalance(seen.chain, info.contracts.skm, ada().account.address);
    // Whom a read asks first is chance.
    for (let times = 0; times < 40; times++) expect(await read()).toBe(1_234_567n);
    seen.asked.length = 0;
    for (let times = 0; times < 3; times++) expect(await read()).toBe(1_234_567n);
    expect(seen.asked.filter((one) => !/^[23] /.test(one))).toEqual([]);
    await seen.chain.rpc.request("eth_blockNumber", []);
    expect(seen.asked.at(-1)).toMatch(/^[23] eth_blockNumber$/);
  });

  test("nobody is shown an older block than one they saw", async () => {
    let isStale = false;
    const old: Record<string, Json> = {};
    const stale: Lie = (method, result) => {
      if (method !== "eth_getBlockByNumber") return result;
      old.first ??= result;
      return isStale ? old.first : result;
    };
    const seen = through({ 0: stale, 1: stale, 2: stale, 3: stale });
    const read = () => readBalance(seen.chain, info.contracts.skm, ada().account.address);
    expect(await read()).toBe(1_234_567n);
    await createPublicClient({ transport: transport() }).request({ method: "anvil_mine", params: ["0x3"] } as never);
    expect(await read()).toBe(1_234_567n);
    isStale = true;
    await expect(read()).rejects.toMatchObject({ code: "CHAIN_UNREACHABLE" });
  });

  test("the list of relays is what the contract says, also after one has left", async () => {
    const operators = [];
    for (const endpoint of ["http://a.test", `http://${"b".repeat(200)}.test/`, "http://exactly-32-bytes-long.test"])
      operators.push(await withRelay(endpoint));
    const plain = through({}, { ...info, validators: undefined as never }).chain;
    const read = async (lies: Record<number, Lie> = {}) => {
      const seen = through(lies);
      const listed = await readRelays(seen.chain, quorum);
      expect(seen.asked.some((one) => one.includes("eth_call"))).toBe(false);
      return listed;
    };
    const told = await readRelays(plain, quorum);
    expect(told).toHaveLength(3);
    expect(await read()).toEqual(told);
    // Its place is the last one's now.
    const [first] = operators;
    await first?.send(info.contracts.relayRegistry, relayRegistryAbi, "requestUnbond", [told[0]?.id]);
    const left = await readRelays(plain, quorum);
    expect(left).toEqual([told[2], told[1]]);
    expect(await read({ 0: otherNode })).toEqual(left);
    const elsewhere = { ...info, contracts: { ...info.contracts, relayRegistry: stranger } };
    expect(await readRelays(through({}, elsewhere).chain, quorum)).toEqual([]);
  });

  test("a proof is of one slot, of one state, and of one contract", async () => {
    const { rpc } = through().chain;
    const at = numberToHex(9, { size: 32 });
    const { contracts } = info;
    const proof = (await rpc.request("eth_getProof", [contracts.skm, [at], "latest"])) as Json;
    // Of whatever block that is: the root is the hash of the first node.
    const root = keccak256((proof.accountProof as Hex[])[0] as Hex);
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
  });
});
