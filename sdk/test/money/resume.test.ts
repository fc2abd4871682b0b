import {
  decodeFunctionData,
  encodeAbiParameters,
  encodeEventTopics,
  encodeFunctionResult,
  erc20Abi,
  type Hex,
  keccak256,
  numberToHex,
  parseTransaction,
} from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Chain } from "../../src/chain/chain.ts";
import { RpcError } from "../../src/chain/rpc.ts";
import { openConversation } from "../../src/conversation/openConversation.ts";
import { sendContent } from "../../src/conversation/send/sendContent.ts";
import { moneyContent } from "../../src/conversation/send/wire.ts";
import { SkrumbleError } from "../../src/errors/index.ts";
import { skmAbi } from "../../src/generated/index.ts";
import { createLocalWallet, newWalletKey, type PaymentBody, type WalletSigner } from "../../src/index.ts";
import { allInHand, keepInHand, type PaymentInHand } from "../../src/money/inHand.ts";
import { clientMoney } from "../../src/money/verbs.ts";
import { createMemoryStore } from "../../src/store/memory.ts";
import type { Address } from "../../src/types/primitives.ts";
import { befriend, chainOver, createRegistry, openPerson, type Registry, type TestPerson } from "../support/world.ts";

/** SKM as the standard describes it, over the registry in memory. */
interface Money {
  chain: Chain;
  /** What moved, oldest first. */
  moved: { from: Address; to: Address; value: bigint }[];
  balance: bigint;
  online: boolean;
  /** Unix seconds of the latest block. */
  time: number;
  submissions: number;
}

const skm: Address = `0x${"5".repeat(40)}`;
const abi = [...erc20Abi, ...skmAbi];

function createMoney(registry: Registry): Money {
  const base = chainOver(registry);
  const used = new Map<string, Hex>();
  const receipts = new Map<Hex, unknown>();
  const logs: { topics: Hex[] }[] = [];
  const money: Money = {
    ...{ moved: [], balance: 1000n, online: true, time: Math.floor(Date.now() / 1000), submissions: 0 },
    chain: base,
  };
  const check = (data: Hex) => {
    const call = decodeFunctionData({ abi, data });
    if (call.functionName === "transfer") return call.args[1] > money.balance ? revert() : undefined;
    if (call.functionName !== "transferWithAuthorization") return undefined;
    const [from, to, value, , validBefore, nonce] = call.args;
    if (used.has(nonce) || money.time >= Number(validBefore) || value > money.balance) return revert();
    return { from, to, value, nonce };
  };
  const revert = (): never => {
    throw new RpcError(3, "execution reverted", "0x");
  };
  const mine = (raw: Hex) => {
    money.submissions++;
    const hash = keccak256(raw);
    const moving = check(parseTransaction(raw).data as Hex);
    if (!moving) return hash;
    const { from, to, value, nonce } = moving;
    money.balance -= value;
    money.moved.push({ from, to, value });
    used.set(nonce, hash);
    const [authorized, transferred] = [
      encodeEventTopics({
        abi: skmAbi,
        eventName: "AuthorizationUsed",
        args: { authorizer: from, nonce },
      }) as Hex[],
      encodeEventTopics({ abi: erc20Abi, eventName: "Transfer", args: { from, to } }) as Hex[],
    ];
    const log = { address: skm, transactionHash: hash };
    const both = [
      { ...log, topics: authorized, data: "0x", logIndex: "0x0" },
      { ...log, topics: transferred, data: encodeAbiParameters([{ type: "uint256" }], [value]), logIndex: "0x1" },
    ];
    logs.push(...both);
    receipts.set(hash, { transactionHash: hash, status: "0x1", blockNumber: "0x65", logs: both });
    return hash;
  };
  const answer = async (method: string, params: unknown[]): Promise<unknown> => {
    if (!money.online) throw new SkrumbleError("CHAIN_UNREACHABLE");
    if (method === "eth_sendRawTransaction") return mine((params as [Hex])[0]);
    if (method === "eth_getTransactionReceipt") return receipts.get((params as [Hex])[0]) ?? null;
    if (method === "eth_getBlockByNumber") return { number: "0x64", timestamp: numberToHex(money.time) };
    const [call] = params as [{ to?: Address; data: Hex; topics?: Hex[]; address?: Address }];
    if (method === "eth_getLogs" && call.address === skm)
      return logs.filter(({ topics }) => call.topics?.every((topic, at) => topics[at] === topic));
    if (method === "eth_call" && call.to === skm) {
      const { functionName, args } = decodeFunctionData({ abi, data: call.data });
      if (functionName === "balanceOf")
        return encodeFunctionResult({ abi: erc20Abi, functionName, result: money.balance });
      if (functionName === "decimals") return encodeFunctionResult({ abi: erc20Abi, functionName, result: 18 });
      if (functionName === "symbol" || functionName === "name")
        return encodeFunctionResult({ abi: erc20Abi, functionName, result: "SKM" });
      if (functionName === "authorizationState")
        return encodeFunctionResult({ abi: skmAbi, functionName, result: used.has(String(args[1])) });
      check(call.data);
      return "0x";
    }
    return base.rpc.request(method, params);
  };
  money.chain = {
    network: { ...base.network, contracts: { ...base.network.contracts, skm } },
    rpc: { ...base.rpc, request: answer, requestAt: (_, method, params) => answer(method, params) },
  };
  return money;
}

const store = createMemoryStore;
let [registry, money, aliceStore] = [createRegistry(), {} as Money, store()];
let [alice, bob] = [{} as TestPerson, {} as TestPerson];
let wallet: WalletSigner;
let id = "";
let open: TestPerson[] = [];

const start = async (seed: number, at = store()) => {
  const person = await openPerson(registry, seed, { store: at, chain: money.chain });
  open.push(person);
  await person.core.payments.resume();
  return person;
};
beforeEach(async () => {
  [registry, aliceStore, open] = [createRegistry(), store(), []];
  money = createMoney(registry);
  [alice, bob] = [await start(1, aliceStore), await start(2)];
  const account = privateKeyToAccount(newWalletKey());
  wallet = { ...createLocalWallet(newWalletKey()), address: account.address };
  wallet.signTypedData = (request) => account.signTypedData(request as Parameters<typeof account.signTypedData>[0]);
  Object.assign(registry.entries.get(alice.publicId) as object, { owner: account.address });
  id = await befriend(alice, bob);
});
afterEach(async () => {
  for (const person of open) person.close();
  await Promise.all(open.map(({ core }) => core.payments.idle()));
});

const pay = (signer = wallet, person = alice) =>
  openConversation(person.core, id, "").money.pay(
    { to: bob.publicId, asset: { chainId: 1, token: skm }, amount: 100n },
    signer,
  );
const bodyAt = async (person: TestPerson, message: string) => {
  const found = (await openConversation(person.core, id, "").messages()).find((one) => one.id === message);
  return found?.body as PaymentBody;
};
const becomes = (person: TestPerson, message: string, state: PaymentBody["state"]) =>
  expect.poll(async () => (await bodyAt(person, message)).state, { timeout: 20_000, interval: 50 }).toBe(state);
/** As after a crash: what was in memory is gone. */
const restart = async () => {
  alice.close();
  await alice.core.payments.idle();
  await alice.core.serial.idle();
  await alice.core.outbox.close();
  await alice.core.vault.close();
  alice = await start(1, aliceStore);
};

test("is on disk before the wallet is asked, and forgotten when the page is closed meanwhile", async () => {
  const asked = Promise.withResolvers<void>();
  const never: WalletSigner = {
    ...wallet,
    signTypedData: () => {
      asked.resolve();
      return new Promise<Hex>(() => undefined);
    },
  };
  const paying = pay(never).catch((error) => error);
  await asked.promise;
  expect(await allInHand(alice.core)).toMatchObject([{ recipient: expect.any(String), nonce: expect.any(String) }]);
  await restart();
  expect(await paying).toMatchObject({ code: "ABORTED" });
  expect(await allInHand(alice.core)).toEqual([]);
  expect(money.submissions).toBe(0);
});

test("goes on after a restart with what was signed, and is final for both; one nonce, one payment", async () => {
  const message = await pay({
    ...wallet,
    async signTypedData(request) {
      money.online = false;
      return wallet.signTypedData(request);
    },
  });
  expect(message.body).toMatchObject({ state: "signed" });
  await expect.poll(async () => (await bodyAt(alice, message.id)).code).toBe("CHAIN_UNREACHABLE");
  const said = alice.sent;
  await restart();
  money.online = true;
  await becomes(alice, message.id, "final");
  await bob.receive(said);
  await becomes(bob, message.id, "final");
  expect(money.moved).toEqual([expect.objectContaining({ value: 100n })]);
  await expect.poll(async () => allInHand(alice.core)).toEqual([]);
  await restart();
  expect(money.moved).toHaveLength(1);
  expect(
    await openConversation(alice.core, id, "").money.review({
      ...{ to: bob.publicId, asset: { chainId: 1, token: skm }, amount: 1n },
    }),
  ).toMatchObject({ first: false, changed: false, balance: 900n });
});

test("waits for money that is gone meanwhile, and is over with its time", async () => {
  const message = await pay({
    ...wallet,
    async signTypedData(request) {
      money.balance = 0n;
      return wallet.signTypedData(request);
    },
  });
  await expect.poll(async () => (await bodyAt(alice, message.id)).code).toBe("PAYMENT_REFUSED");
  expect(money.submissions).toBe(0);
  money.time += 7200;
  await becomes(alice, message.id, "failed");
  expect(await bodyAt(alice, message.id)).toMatchObject({ code: "PAYMENT_EXPIRED" });
  await expect.poll(async () => allInHand(alice.core)).toEqual([]);
});

test("that was told of goes its way although its conversation is gone since, and stays in the history", async () => {
  await pay({
    ...wallet,
    async signTypedData(request) {
      money.balance = 0n;
      return wallet.signTypedData(request);
    },
  });
  await expect.poll(async () => allInHand(alice.core)).toMatchObject([{ told: true }]);
  const [record] = await allInHand(alice.core);
  await keepInHand(alice.core, { ...(record as PaymentInHand), conversationId: "e".repeat(32) });
  await restart();
  money.balance = 1000n;
  await expect
    .poll(() => clientMoney(() => alice.core).untold(), { timeout: 20_000 })
    .toMatchObject([{ state: "final", amount: 100n, transaction: expect.any(String) }]);
  await restart();
  await openConversation(alice.core, id, "").messages();
  expect(money.moved).toEqual([expect.objectContaining({ value: 100n })]);
});

test("says why nobody can be paid, and warns of a wallet that has changed", async () => {
  const review = () =>
    openConversation(alice.core, id, "").money.review({
      ...{ to: bob.publicId, asset: { chainId: 1, token: skm }, amount: 100n },
    });
  const message = await pay();
  await becomes(alice, message.id, "final");
  const entry = registry.entries.get(bob.publicId) as object;
  Object.assign(entry, { owner: `0x${"c".repeat(40)}` });
  expect(await review()).toMatchObject({ changed: true, first: false });
  Object.assign(entry, { revoked: true });
  expect((await review()).problem).toEqual({ code: "IDENTITY_REVOKED" });
  Object.assign(entry, { revoked: false });
  alice.core.events.emit("chain", { state: "stalled", head: 5n });
  expect((await review()).problem).toEqual({ code: "CHAIN_STALLED" });
  await expect(pay()).rejects.toMatchObject({ code: "CHAIN_STALLED" });
  alice.core.events.emit("chain", { state: "online", head: 6n });
  expect((await review()).problem).toBeUndefined();
});

test("that cannot be told of any more is not made", async () => {
  const blocking: WalletSigner = {
    ...wallet,
    async signTypedData(request) {
      const contact = alice.core.book.get(bob.publicId);
      await alice.core.book.save({ ...(contact as NonNullable<typeof contact>), state: "blocked" });
      return wallet.signTypedData(request);
    },
  };
  await expect(pay(blocking)).rejects.toMatchObject({ code: "CONTACT_BLOCKED" });
  expect(await allInHand(alice.core)).toEqual([]);
  expect(money.submissions).toBe(0);
});

test("counts once, whichever message names it", async () => {
  const message = await pay();
  await becomes(alice, message.id, "final");
  const stored = await alice.core.threads.message(id, message.id);
  if (stored?.body.type !== "payment") throw new Error("a payment expected");
  // Its payer says so a second time.
  const again = await sendContent(alice.core, id, moneyContent(stored.body));
  await bob.receive(alice.sent.splice(0));
  await becomes(bob, message.id, "final");
  for (const person of [alice, bob]) {
    await becomes(person, again.id, "failed");
    expect(await bodyAt(person, again.id)).toMatchObject({ code: "PAYMENT_COUNTED" });
    expect((await bodyAt(person, message.id)).state).toBe("final");
  }
});
