import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Address,
  createWalletClient,
  decodeFunctionData,
  defineChain,
  encodeFunctionData,
  encodeFunctionResult,
  http,
  parseAbi,
  parseEther,
  parseTransaction,
  stringToHex,
  zeroHash,
} from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Chain as Node, startChain } from "../../../scripts/chain/startChain.ts";
import { compileContracts } from "../../../scripts/codegen/compile.ts";
import { deployContracts } from "../../../scripts/deploy/deployContracts.ts";
import { localParameters } from "../../../scripts/deploy/parameters.ts";
import { createSender } from "../../../scripts/deploy/sender.ts";
import { randomKey } from "../../../scripts/lib/keys.ts";
import { quickArgon2 } from "../../../test/support/network.ts";
import { feeReceipt, payFee } from "../../src/chain/actions/payFee.ts";
import { readBalance } from "../../src/chain/actions/readBalance.ts";
import { readDeadline } from "../../src/chain/actions/readDeadline.ts";
import { readIdentity } from "../../src/chain/actions/readIdentity.ts";
import { readTier } from "../../src/chain/actions/readTier.ts";
import { type Chain, createChain, readContract } from "../../src/chain/chain.ts";
import { registryDomain } from "../../src/chain/submitSigned.ts";
import type { IdentityRecord } from "../../src/chain/types.ts";
import type { Core } from "../../src/client/core.ts";
import { ownTier } from "../../src/client/ownTier.ts";
import { saveSelf } from "../../src/client/self.ts";
import { createSerial } from "../../src/client/serial.ts";
import { randomBytes, toHex } from "../../src/crypto/bytes.ts";
import { type FeeRecord, keepFee, mostTerms } from "../../src/fees/records.ts";
import { clientFees } from "../../src/fees/verbs.ts";
import { identityRegistryAbi, membershipAbi, skmAbi, usageFeesAbi } from "../../src/generated/index.ts";
import { createLocalWallet } from "../../src/identity/localWallet.ts";
import { register } from "../../src/identity/register.ts";
import { type Fee, type Fees, type Hex, SkrumbleError, type WalletSigner } from "../../src/index.ts";
import { createMemoryStore } from "../../src/store/memory.ts";
import { openVault } from "../../src/store/vault.ts";

/** Fees on a real chain, asked directly: what relays do to it is tested in test/network/fees.test.ts. */

const timelockAbi = parseAbi([
  "function schedule(address target, uint256 value, bytes data, bytes32 predecessor, bytes32 salt, uint256 delay)",
  "function execute(address target, uint256 value, bytes payload, bytes32 predecessor, bytes32 salt) payable",
]);
const deployer = privateKeyToAccount(randomKey());
const folder = mkdtempSync(join(tmpdir(), "skrumble-fees-"));
let node: Node;
let chain: Chain;
let governor: Address;

beforeAll(async () => {
  await compileContracts();
  node = await startChain({ blockSeconds: 0.1 });
  const { deployment } = await deployContracts({
    ...{ name: "test", rpcUrl: node.rpcUrl, chainId: node.chainId, deployer, parameters: localParameters },
    ...{ file: join(folder, "test.json"), grants: [{ to: deployer.address, amount: 10_000n }] },
  });
  governor = deployment.governor;
  const operators = ["one", "two"].map((operator) => ({ url: node.rpcUrl, operator }));
  chain = createChain(
    { chainId: node.chainId, name: "test", contracts: deployment.contracts },
    { endpoints: () => operators },
  );
}, 120_000);
afterAll(async () => {
  await node.stop();
  rmSync(folder, { recursive: true, force: true });
});

const skm = parseEther;
const beneficiary = "0x00000000000000000000000000000000000be4ef" as const;
const use = { feature: "gated-file", units: 3, price: skm("2"), beneficiary, reference: "a file" };

async function registered(name: string) {
  const wallet = createLocalWallet(randomKey());
  const now = Date.now;
  const signal = new AbortController().signal;
  const context = { chain, argon2: quickArgon2, onProgress: () => undefined, now, signal };
  const outcome = await register(
    { ...context, backups: {} as never },
    { wallet, pseudonym: name, securityCode: "correct horse battery staple" },
    name,
  );
  const vault = await openVault(createMemoryStore());
  const core = { chain, vault, now, signal, serial: createSerial(), self: await saveSelf(vault, outcome) } as Core;
  let asked = 0;
  const counting: WalletSigner = {
    ...wallet,
    signTypedData(data) {
      asked++;
      return wallet.signTypedData(data);
    },
  };
  return {
    ...{ core, wallet, counting, fees: clientFees(() => core) },
    asked: () => asked,
    credit: async () => (await readTier(chain, wallet.address)).credit,
    balance: () => readBalance(chain, chain.network.contracts.skm, wallet.address),
    /** The same person on a device that knows nothing of what was paid. */
    async elsewhere() {
      const blank = await openVault(createMemoryStore());
      return clientFees(() => ({ ...core, vault: blank, serial: createSerial() }) as Core);
    },
  };
}

async function fund(to: `0x${string}`, amount: string): Promise<void> {
  const local = defineChain({
    ...{ id: node.chainId, name: "local", nativeCurrency: { name: "Coin", symbol: "COIN", decimals: 18 } },
    rpcUrls: { default: { http: [node.rpcUrl] } },
  });
  const before = await readBalance(chain, chain.network.contracts.skm, to);
  await createWalletClient({ account: deployer, chain: local, transport: http() }).writeContract({
    ...{ address: chain.network.contracts.skm, abi: skmAbi, functionName: "transfer", args: [to, skm(amount)] },
    ...{ maxFeePerGas: 0n, maxPriorityFeePerGas: 0n, gas: 5_000_000n },
  });
  await expect.poll(() => readBalance(chain, chain.network.contracts.skm, to)).toBe(before + skm(amount));
}

/** By the governor, which is a timelock that the deployer may use. */
async function setPrice(price: string): Promise<void> {
  const sender = createSender({ rpcUrl: node.rpcUrl, chainId: node.chainId, account: deployer });
  const args = [stringToHex("gated-file", { size: 32 }), skm(price)] as const;
  const data = encodeFunctionData({ abi: usageFeesAbi, functionName: "setPrice", args });
  const operation = [chain.network.contracts.usageFees, 0n, data, zeroHash, toHex(randomBytes(32))] as const;
  await sender.send(governor, timelockAbi, "schedule", [...operation, 60n]);
  await chain.rpc.request("evm_increaseTime", [61]);
  await chain.rpc.request("anvil_mine", ["0x1"]);
  await sender.send(governor, timelockAbi, "execute", operation);
}

/** The chain, with something that happens whenever a transaction is sent. */
const chainThat = (onSend: (raw: Hex) => Promise<void>): Chain => ({
  ...chain,
  rpc: {
    ...chain.rpc,
    async request(method, params, ...rest) {
      if (method === "eth_sendRawTransaction") await onSend((params as [Hex])[0]);
      return chain.rpc.request(method, params, ...rest);
    },
  },
});

/** Fees of a page that is closed before anything is sent. */
function dying(core: Core): Fees {
  const closing = new AbortController();
  const away = chainThat(async () => {
    closing.abort();
    throw new SkrumbleError("CHAIN_UNREACHABLE");
  });
  return clientFees(() => ({ ...core, chain: away, signal: closing.signal, serial: createSerial() }) as Core);
}

/** By a recovery account, whose delay is over. */
async function recover(core: Core, from: WalletSigner, to: WalletSigner): Promise<void> {
  const account = createLocalWallet(randomKey());
  const sender = createSender({ rpcUrl: node.rpcUrl, chainId: node.chainId, account: deployer });
  const registry = { address: chain.network.contracts.identityRegistry, abi: identityRegistryAbi } as const;
  const { publicId } = core.self.identity;
  const { id } = (await readIdentity(chain, { publicId })) as IdentityRecord;
  const deadline = await readDeadline(chain, Date.now());
  const sign = async (
    signer: WalletSigner,
    primaryType: string,
    counter: "ownerNonce" | "recoveryNonce",
    address?: readonly [name: string, value: Address],
  ) => {
    const nonce = await readContract(chain, { ...registry, functionName: counter, args: [id] });
    const fields = [
      { name: "identityId", type: "uint64" },
      ...(address ? [{ name: address[0], type: "address" }] : []),
      { name: "nonce", type: "uint256" },
      { name: "deadline", type: "uint256" },
    ];
    const message = { identityId: id, nonce, deadline, ...(address ? { [address[0]]: address[1] } : {}) };
    return signer.signTypedData({
      ...{ domain: registryDomain(chain), types: { [primaryType]: fields }, primaryType, message },
    });
  };
  const send = (functionName: string, ...args: unknown[]) =>
    sender.send(registry.address, registry.abi, functionName, args);
  const named = ["recovery", account.address] as const;
  await send("setRecovery", id, account.address, deadline, await sign(from, "SetRecovery", "ownerNonce", named));
  const target = ["newOwner", to.address] as const;
  await send("startRecovery", id, to.address, deadline, await sign(account, "StartRecovery", "recoveryNonce", target));
  await chain.rpc.request("evm_increaseTime", [301]);
  await chain.rpc.request("anvil_mine", ["0x1"]);
  await send("finishRecovery", id, deadline, await sign(to, "AcceptRecovery", "recoveryNonce"));
}

const claimable = () => {
  const fees = { address: chain.network.contracts.usageFees, abi: usageFeesAbi } as const;
  return readContract(chain, { ...fees, functionName: "claimable", args: [beneficiary] });
};

test("credit pays without a prompt, once on all devices, and the provider can tell", async () => {
  const { fees, credit, elsewhere } = await registered("ann");
  expect(await fees.price("gated-file")).toBe(skm("2"));
  expect(await fees.price("nothing")).toBeUndefined();
  const quote = { price: skm("2"), fromCredit: skm("6"), fromWallet: 0n, needsWallet: false };
  expect(await fees.quote(use)).toEqual(quote);
  const had = await claimable();
  const paid = await fees.pay(use);
  expect(await credit()).toBe(skm("94"));
  expect(await claimable()).toBe(had);
  expect(paid.receipt).toBe(feeReceipt(chain, paid.fee));
  const at = { address: chain.network.contracts.usageFees, abi: usageFeesAbi } as const;
  expect(await readContract(chain, { ...at, functionName: "isPaid", args: [paid.fee] })).toBe(true);
  expect(await readContract(chain, { ...at, functionName: "isPaid", args: [{ ...paid.fee, units: 4 }] })).toBe(false);

  expect(await fees.pay(use)).toEqual(paid);
  for (const other of [await elsewhere(), fees]) {
    const terms = other === fees ? { ...use, units: 4 } : use;
    await expect(other.pay(terms)).rejects.toMatchObject({ code: "FEE_PAID_ELSEWHERE" });
  }
  expect(await credit()).toBe(skm("94"));
}, 60_000);

test("what credit does not reach is one signature of the wallet, asked for once", async () => {
  const { fees, wallet, counting, asked, credit, balance } = await registered("bob");
  await fund(wallet.address, "100");
  await fees.pay({ ...use, units: 49, reference: "most of the credit" });
  const quote = { price: skm("2"), fromCredit: skm("2"), fromWallet: skm("4"), needsWallet: true };
  expect(await fees.quote(use)).toEqual(quote);
  await expect(fees.pay(use)).rejects.toMatchObject({ code: "FEE_NEEDS_WALLET", values: { missing: "4" } });
  const no: WalletSigner = { ...wallet, signTypedData: () => Promise.reject({ code: 4001 }) };
  await expect(fees.pay(use, no)).rejects.toMatchObject({ code: "WALLET_REFUSED" });
  const had = await claimable();
  const [one, other] = await Promise.all([fees.pay(use, counting), fees.pay(use, counting)]);
  expect(one).toEqual(other);
  expect(asked()).toBe(1);
  expect([await credit(), await balance(), await claimable()]).toEqual([0n, skm("96"), had + skm("4")]);
}, 60_000);

test("a page that is closed in the middle goes on with what was signed, also when it was submitted", async () => {
  const { core, fees, wallet, counting, asked, balance } = await registered("eve");
  await fund(wallet.address, "200");
  const dear = { ...use, units: 80 };
  // The chain goes away between the signature and the sending.
  const away: Chain = {
    ...chain,
    rpc: {
      ...chain.rpc,
      request: async (method, ...rest) => {
        if (method === "eth_sendRawTransaction") closing.abort();
        return chain.rpc.request(method, ...rest);
      },
    },
  };
  const closing = new AbortController();
  const dying = clientFees(() => ({ ...core, chain: away, signal: closing.signal, serial: createSerial() }) as Core);
  await expect(dying.pay(dear, counting)).rejects.toMatchObject({ code: "ABORTED" });
  expect(asked()).toBe(1);
  const paid = await fees.pay(dear, counting);
  expect(asked()).toBe(1);
  expect(paid.fee).toMatchObject({ units: 80, credit: skm("100") });
  expect(await balance()).toBe(skm("140"));
}, 60_000);

test("a price that rises in between takes nothing, and the use is paid once at the new one", async () => {
  const { core, fees, wallet, counting, asked, balance } = await registered("fay");
  await fund(wallet.address, "300");
  const dear = { ...use, units: 80 };
  let rising: Promise<void> | undefined;
  const slow: Chain = {
    ...chain,
    rpc: {
      ...chain.rpc,
      async request(method, ...rest) {
        if (method === "eth_sendRawTransaction") {
          rising ??= setPrice("3");
          await rising;
        }
        return chain.rpc.request(method, ...rest);
      },
    },
  };
  const late = clientFees(() => ({ ...core, chain: slow }) as Core);
  const rose = { code: "FEE_PRICE_ROSE", values: { shown: "2", price: "3" } };
  await expect(late.pay(dear, counting)).rejects.toMatchObject(rose);
  expect(await balance()).toBe(skm("300"));
  // Nobody pays what they were not shown, and nobody is asked for it.
  await expect(fees.pay(dear, counting)).rejects.toMatchObject(rose);
  expect(asked()).toBe(1);
  expect((await fees.pay({ ...dear, price: skm("3") }, counting)).fee.price).toBe(skm("3"));
  // The price falls again: what was signed first is worth nothing any more.
  await setPrice("2");
  await fees.pay(dear, counting);
  expect([asked(), await balance()]).toEqual([2, skm("160")]);
}, 60_000);

test("what was signed before is not forgotten when something new is signed", async () => {
  const { core, fees, wallet, counting, balance } = await registered("gil");
  await fund(wallet.address, "300");
  const dear = { ...use, units: 80 };
  let seen: readonly [Fee, Hex] | undefined;
  let rising: Promise<void> | undefined;
  const slow = chainThat(async (raw) => {
    const { args } = decodeFunctionData({ abi: usageFeesAbi, data: parseTransaction(raw).data as Hex });
    seen ??= args as unknown as [Fee, Hex];
    rising ??= setPrice("3");
    await rising;
  });
  const late = clientFees(() => ({ ...core, chain: slow }) as Core);
  await expect(late.pay(dear, counting)).rejects.toMatchObject({ code: "FEE_PRICE_ROSE" });
  await expect(dying(core).pay({ ...dear, price: skm("3") }, counting)).rejects.toMatchObject({ code: "ABORTED" });

  // Whoever saw the first ones carries them out before anybody else comes.
  await setPrice("2");
  const [fee, signature] = seen as [Fee, Hex];
  await payFee(chain, { fee, by: { signature } });
  const paid = await fees.pay(dear, counting);
  expect(paid.fee.salt).toBe(fee.salt);
  expect(await balance()).toBe(skm("240"));
  const at = { address: chain.network.contracts.usageFees, abi: usageFeesAbi } as const;
  expect(await readContract(chain, { ...at, functionName: "isPaid", args: [paid.fee] })).toBe(true);
}, 60_000);

test("that another device paid meanwhile is said so, and never that nothing was taken", async () => {
  const { core, fees, credit } = await registered("hal");
  let paying: Promise<unknown> | undefined;
  const slow = chainThat(async () => {
    paying ??= fees.pay(use);
    await paying;
  });
  const blank = await openVault(createMemoryStore());
  // By another clock, so that it signs other terms.
  const later = () => Date.now() + 3_600_000;
  const other = clientFees(() => ({ ...core, now: later, chain: slow, vault: blank, serial: createSerial() }) as Core);
  await expect(other.pay(use)).rejects.toMatchObject({ code: "FEE_PAID_ELSEWHERE" });
  expect(await credit()).toBe(skm("94"));
}, 60_000);

test("one use's payment is none for another feature or provider, and another number is free until one was paid", async () => {
  const { fees, credit, core } = await registered("ivy");
  const other = "0x00000000000000000000000000000000000be4f0" as const;
  const first = await fees.pay(use);
  const second = await fees.pay({ ...use, beneficiary: other });
  const third = await fees.pay({ ...use, feature: "forward-notice" });
  expect(new Set([first, second, third].map(({ fee }) => fee.salt)).size).toBe(3);
  expect(await credit()).toBe(skm("85"));
  const again = { ...use, reference: "another file" };
  await expect(dying(core).pay(again)).rejects.toMatchObject({ code: "ABORTED" });
  expect((await fees.pay({ ...again, units: 4 })).fee.units).toBe(4);
  await expect(fees.pay(again)).rejects.toMatchObject({ code: "FEE_PAID_ELSEWHERE" });
}, 60_000);

test("terms that are good are bounded, and over ones make room", async () => {
  const { core, fees } = await registered("jon");
  const paid = await fees.pay({ ...use, reference: "shows the terms" });
  await expect(dying(core).pay(use)).rejects.toMatchObject({ code: "ABORTED" });
  const salts = (await core.vault.range<FeeRecord>("fees")).map(({ value }) => value.salt);
  const salt = salts.find((one) => one !== paid.fee.salt) as Hex;
  const terms = (deadline: number) =>
    Array.from({ length: mostTerms }, (_, i) => ({ fee: { ...paid.fee, salt, units: 9, deadline: deadline + i } }));
  const far = Math.floor(Date.now() / 1000) + 30 * 86_400;
  await keepFee(core, { salt, terms: terms(far) });
  await expect(fees.pay(use)).rejects.toMatchObject({ code: "FEE_TERMS_OPEN" });
  await keepFee(core, { salt, terms: terms(1) });
  expect((await fees.pay(use)).fee.salt).toBe(salt);
}, 60_000);

test("a device without the key asks for the wallet's word alone where credit reaches", async () => {
  const { core, wallet, counting, asked, credit, balance } = await registered("kim");
  const fees = clientFees(() => ({ ...core, self: { ...core.self, controller: undefined } }) as Core);
  expect(await fees.quote(use)).toMatchObject({ fromCredit: skm("6"), fromWallet: 0n, needsWallet: true });
  await expect(fees.pay(use)).rejects.toMatchObject({ code: "FEE_NEEDS_SIGNATURE" });
  await fees.pay(use, counting);
  expect([asked(), await credit(), await balance()]).toEqual([1, skm("94"), 0n]);
  expect(wallet.address).toBe(counting.address);
}, 60_000);

test("after a recovery tier and fees follow the new wallet of the identity", async () => {
  const { core, wallet, fees, counting } = await registered("lea");
  const fresh = createLocalWallet(randomKey());
  await recover(core, wallet, fresh);
  await fund(fresh.address, "40");
  expect(await ownTier(core)).toMatchObject({ balance: skm("40"), credit: skm("100") });
  const dear = { ...use, units: 60 };
  await expect(fees.pay(dear, counting)).rejects.toMatchObject({ code: "WALLET_WRONG_ACCOUNT" });
  const { fee } = await fees.pay(dear, fresh);
  expect(fee.payer).toBe(fresh.address);
  expect(await ownTier(core)).toMatchObject({ balance: skm("20"), credit: 0n });
}, 60_000);

test("a table without a first tier is a wrong answer of the chain", async () => {
  const { core } = await registered("max");
  const empty = encodeFunctionResult({ abi: membershipAbi, functionName: "tiers", result: [] });
  const tiers = encodeFunctionData({ abi: membershipAbi, functionName: "tiers" });
  const answer = (method: string, params: unknown[]) =>
    method === "eth_call" && (params[0] as { data: Hex }).data === tiers ? empty : undefined;
  const lying: Chain = {
    ...chain,
    rpc: {
      ...chain.rpc,
      request: async (method, params, ...rest) =>
        answer(method, params ?? []) ?? chain.rpc.request(method, params, ...rest),
      requestAt: async (endpoint, method, params, ...rest) =>
        answer(method, params ?? []) ?? chain.rpc.requestAt(endpoint, method, params, ...rest),
    },
  };
  await expect(ownTier({ ...core, chain: lying })).rejects.toMatchObject({ code: "CHAIN_REJECTED" });
}, 60_000);

test("one node alone is not believed about a tier or a balance", async () => {
  const { core, wallet } = await registered("ned");
  await fund(wallet.address, "5");
  const lie = `0x${"f".repeat(64)}`;
  const lying: Chain = {
    ...chain,
    rpc: {
      ...chain.rpc,
      request: async (method, ...rest) => (method === "eth_call" ? lie : chain.rpc.request(method, ...rest)),
    },
  };
  expect(await ownTier({ ...core, chain: lying })).toMatchObject({ balance: skm("5"), credit: skm("100") });
}, 60_000);

test("bad input meets its error before anybody is asked", async () => {
  const { fees, wallet, counting, asked } = await registered("dan");
  const wrong = [
    { price: 0n },
    { price: 2 as never },
    { units: 0 },
    { units: 1.5 },
    { beneficiary: "0x12" as never },
    { reference: "" },
    { feature: "é" },
  ];
  for (const one of wrong) await expect(fees.pay({ ...use, ...one })).rejects.toMatchObject({ code: "INPUT_INVALID" });
  await expect(fees.quote({ ...use, units: Number.NaN })).rejects.toMatchObject({ code: "INPUT_INVALID" });
  await expect(fees.pay({ ...use, feature: "nothing" })).rejects.toMatchObject({ code: "FEE_NOT_FOR_SALE" });
  const dear = { ...use, units: 1_000 };
  await expect(fees.pay(dear, counting)).rejects.toMatchObject({ code: "AMOUNT_OVER_BALANCE" });
  const another = createLocalWallet(randomKey());
  await expect(fees.pay(dear, another)).rejects.toMatchObject({ code: "WALLET_WRONG_ACCOUNT" });
  expect(asked()).toBe(0);
  expect(wallet.address).not.toBe(another.address);
}, 60_000);
