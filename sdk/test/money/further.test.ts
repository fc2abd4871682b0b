import { type Hex, zeroAddress } from "viem";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { AnyChain } from "../../src/chain/chain.ts";
import { openConversation } from "../../src/conversation/openConversation.ts";
import { SkrumbleError } from "../../src/errors/index.ts";
import { findSent } from "../../src/money/findSent.ts";
import type { PaymentInHand } from "../../src/money/inHand.ts";
import { transfersBetween } from "../../src/money/receipt.ts";
import { createMemoryStore } from "../../src/store/memory.ts";
import type { WalletSigner } from "../../src/types/client.ts";
import type { PayInput, PaymentBody } from "../../src/types/money.ts";
import type { Address } from "../../src/types/primitives.ts";
import { type CoinChain, coinWallet, createCoinChain } from "../support/coinChain.ts";
import { befriend, createRegistry, openPerson, type Registry, type TestPerson } from "../support/world.ts";

/** On a chain where gas is bid for and blocks can be undone, nothing is over by its time alone. */

const [payer, payee]: [Address, Address] = [`0x${"a1".repeat(20)}`, `0x${"b2".repeat(20)}`];
const other: Address = `0x${"c3".repeat(20)}`;
const operators = ["one", "two", "three"];
const hour = 3_600_000;
let [registry, coin, aliceStore] = [createRegistry() as Registry, {} as CoinChain, createMemoryStore()];
let there = {} as AnyChain;
let [alice, bob] = [{} as TestPerson, {} as TestPerson];
let id = "";
let ahead = 0;
let open: TestPerson[] = [];

const start = async (seed: number, store = createMemoryStore()) => {
  const now = () => Date.now() + ahead;
  const person = await openPerson(registry, seed, { store, chain: coin.chain, further: [there], now });
  open.push(person);
  await person.core.payments.resume();
  return person;
};
const restart = async () => {
  alice.close();
  await alice.core.payments.idle();
  await alice.core.serial.idle();
  await alice.core.outbox.close();
  await alice.core.vault.close();
  alice = await start(1, aliceStore);
};
const gas: Record<string, Hex> = { eth_estimateGas: "0x5208", eth_gasPrice: "0x1" };
const everyone = (lie: CoinChain["lies"][string] = () => undefined) => {
  const said: CoinChain["lies"][string] = (method, params) => lie(method, params) ?? gas[method];
  coin.lies = Object.fromEntries(operators.map((operator) => [operator, said]));
};
beforeEach(async () => {
  [registry, aliceStore, open, ahead] = [createRegistry(), createMemoryStore(), [], 0];
  coin = createCoinChain(registry, operators);
  everyone();
  there = {
    ...{ network: { chainId: 2, name: "Two" }, rpc: coin.chain.rpc },
    further: {
      coin: { token: zeroAddress, symbol: "TWO", name: "Two", decimals: 18 },
      ...{ tokens: [], finality: { confirmations: 3 } },
    },
  };
  [alice, bob] = [await start(1, aliceStore), await start(2)];
  Object.assign(registry.entries.get(alice.publicId) as object, { owner: payer });
  Object.assign(registry.entries.get(bob.publicId) as object, { owner: payee });
  id = await befriend(alice, bob);
});
afterEach(async () => {
  for (const person of open) person.close();
  await Promise.all(open.map(({ core }) => core.payments.idle()));
});

/** Both clocks go on. */
function wait(time: number) {
  ahead += time;
  coin.time += time / 1000;
}
const mine = (blocks: number) => {
  for (let n = 0; n < blocks; n++) coin.mine();
};
const pay = (wallet: WalletSigner = coinWallet(coin, payer), over: Partial<PayInput> = {}) =>
  openConversation(alice.core, id, "").money.pay(
    { to: bob.publicId, asset: { chainId: 2, token: zeroAddress }, amount: 100n, ...over },
    wallet,
  );
const outcome = () =>
  pay().then(
    () => "paid",
    ({ code }) => code as string,
  );
const stateOf = async (message: string) => {
  const all = await openConversation(alice.core, id, "").messages();
  return (all.find((one) => one.id === message)?.body as PaymentBody | undefined)?.state;
};

/** The page is closed while the wallet is asked, and no node has heard of what it sends. */
async function closeWhileAsked() {
  const asked = Promise.withResolvers<void>();
  const paying = pay({
    ...coinWallet(coin, payer),
    async sendTransaction() {
      asked.resolve();
      return new Promise<Hex>(() => undefined);
    },
  }).catch((error) => error);
  await asked.promise;
  await restart();
  expect(await paying).toMatchObject({ code: "ABORTED" });
}

test("what waits where nobody looks stays in doubt until its number is used in a final block", async () => {
  await closeWhileAsked();
  mine(4);
  wait(48 * hour);
  expect(await outcome()).toBe("PAYMENT_UNSURE");
  coin.send(payer, { to: other, value: 1n });
  mine(1);
  expect(await outcome()).toBe("PAYMENT_UNSURE");
  mine(3);
  expect(await outcome()).toBe("paid");
});

test("what cannot be looked for is in doubt, and can be replaced by the person's word", async () => {
  await closeWhileAsked();
  const isOld = (method: string, [, at]: unknown[]) =>
    method === "eth_getTransactionCount" && at !== "latest" && at !== "pending";
  coin.send(payer, { to: other, value: 1n });
  mine(4);
  everyone((method, params) => {
    if (isOld(method, params)) throw new SkrumbleError("CHAIN_UNREACHABLE");
    return undefined;
  });
  expect(await outcome()).toBe("PAYMENT_UNSURE");
  await pay(undefined, { replace: true });
  expect(coin.waiting).toHaveLength(1);
}, 30_000);

test("a payment whose block is not final for hours is watched on", async () => {
  let looks = 0;
  everyone((method) => {
    if (method === "eth_getTransactionReceipt") looks++;
    return undefined;
  });
  const { id: message } = await pay();
  mine(1);
  await expect.poll(() => looks, { timeout: 10_000 }).toBeGreaterThan(0);
  wait(3 * hour);
  const before = looks;
  await expect.poll(() => looks, { timeout: 20_000 }).toBeGreaterThan(before);
  await new Promise((resolve) => setTimeout(resolve, 300));
  mine(3);
  wait(hour);
  // Another one wakes who watches.
  await pay(undefined, { amount: 5n });
  await expect.poll(() => stateOf(message), { timeout: 20_000 }).toBe("final");
}, 60_000);

test("nodes that look through few blocks at once are asked for fewer", async () => {
  const token: Address = `0x${"5".repeat(40)}`;
  const spans: number[] = [];
  everyone((method, [filter]) => {
    if (method !== "eth_getLogs") return undefined;
    const { fromBlock, toBlock } = filter as { fromBlock: Hex; toBlock: Hex };
    const span = Number(toBlock) - Number(fromBlock) + 1;
    if (span > 500) throw new SkrumbleError("CHAIN_UNREACHABLE");
    spans.push(span);
    return [];
  });
  const { signal } = new AbortController();
  const range = { token, from: payer, to: payee, block: 1, head: 3000 };
  for await (const _ of transfersBetween(there, range, signal)) throw new Error("nothing moved");
  expect(Math.max(...spans)).toBeLessThanOrEqual(500);
  expect(spans.reduce((sum, span) => sum + span, 0)).toBe(2 * 3000);
}, 60_000);

test("among more transactions than one look goes through it is found by the next", async () => {
  for (let n = 0; n < 70; n++) coin.send(payer, { to: other, value: BigInt(n) });
  const transaction = coin.send(payer, { to: payee, value: 100n });
  mine(4);
  const record: PaymentInHand = {
    ...{ conversationId: id, id: "d".repeat(32), at: Date.now(), recipient: payee, count: 0 },
    content: {
      ...{ kind: "payment", asset: { chainId: 2, token: zeroAddress }, amount: "100", to: bob.publicId, wallet: payer },
      ...{ block: 100, until: 1 },
    },
  };
  expect(await findSent(alice.core, record)).toEqual({ state: "unsure" });
  expect(await findSent(alice.core, record)).toEqual({ state: "found", transaction });
});
