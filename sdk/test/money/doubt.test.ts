import { encodeAbiParameters, encodeEventTopics, erc20Abi, type Hex, numberToHex, zeroAddress } from "viem";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readSent } from "../../src/chain/actions/readSent.ts";
import { RpcError } from "../../src/chain/rpc.ts";
import { openConversation } from "../../src/conversation/openConversation.ts";
import { SkrumbleError } from "../../src/errors/index.ts";
import { findSent } from "../../src/money/findSent.ts";
import { allInHand, keepInHand, type PaymentInHand } from "../../src/money/inHand.ts";
import { settlePayment } from "../../src/money/settle.ts";
import { clientMoney } from "../../src/money/verbs.ts";
import { noteSent } from "../../src/money/walletSent.ts";
import { keepMade } from "../../src/packets/records.ts";
import { createMemoryStore } from "../../src/store/memory.ts";
import type { WalletSigner } from "../../src/types/client.ts";
import type { PayInput, PaymentBody } from "../../src/types/money.ts";
import type { Address } from "../../src/types/primitives.ts";
import { type CoinChain, coinWallet, createCoinChain } from "../support/coinChain.ts";
import { befriend, createRegistry, openPerson, type Registry, type TestPerson } from "../support/world.ts";

/** What nobody can say is never said, and never paid again unawares. */

const [payer, payee]: [Address, Address] = [`0x${"a1".repeat(20)}`, `0x${"b2".repeat(20)}`];
const other: Address = `0x${"c3".repeat(20)}`;
const operators = ["one", "two", "three"];
const hour = 3_600_000;
let [registry, coin, aliceStore] = [createRegistry() as Registry, {} as CoinChain, createMemoryStore()];
let [alice, bob] = [{} as TestPerson, {} as TestPerson];
let id = "";
let ahead = 0;
let open: TestPerson[] = [];

const start = async (seed: number, store = createMemoryStore()) => {
  const now = () => Date.now() + ahead;
  const person = await openPerson(registry, seed, { store, chain: coin.chain, now });
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
beforeEach(async () => {
  [registry, aliceStore, open, ahead] = [createRegistry(), createMemoryStore(), [], 0];
  coin = createCoinChain(registry, operators);
  [alice, bob] = [await start(1, aliceStore), await start(2)];
  own();
  id = await befriend(alice, bob);
});
afterEach(async () => {
  for (const person of open) person.close();
  await Promise.all(open.map(({ core }) => core.payments.idle()));
});

function own() {
  Object.assign(registry.entries.get(alice.publicId) as object, { owner: payer });
  Object.assign(registry.entries.get(bob.publicId) as object, { owner: payee });
}
/** Both clocks go on. */
function wait(time: number) {
  ahead += time;
  coin.time += time / 1000;
}
const everyone = (lie: CoinChain["lies"][string]) => Object.fromEntries(operators.map((operator) => [operator, lie]));
const isOld = (method: string, [, at]: unknown[]) =>
  method === "eth_getTransactionCount" && at !== "latest" && at !== "pending";
const forgotten = (method: string, params: unknown[]) => {
  if (isOld(method, params)) throw new RpcError(-32000, "missing trie node", undefined);
  return undefined;
};

const pay = (wallet: WalletSigner = coinWallet(coin, payer), over: Partial<PayInput> = {}) =>
  openConversation(alice.core, id, "").money.pay(
    { to: bob.publicId, asset: { chainId: 1, token: zeroAddress }, amount: 100n, ...over },
    wallet,
  );
const outcome = () =>
  pay().then(
    () => "paid",
    ({ code }) => code as string,
  );
const stateOf = async (message: string) => {
  const all = await openConversation(alice.core, id, "").messages();
  const body = all.find((one) => one.id === message)?.body as PaymentBody | undefined;
  return body && { state: body.state, code: body.code };
};
const untold = () => clientMoney(() => alice.core).untold();

/** The page is closed while the wallet is asked; `send` is what the wallet does. */
async function closeWhileAsked(send: WalletSigner["sendTransaction"]) {
  const asked = Promise.withResolvers<void>();
  const paying = pay({
    ...coinWallet(coin, payer),
    async sendTransaction(request) {
      await send?.(request);
      asked.resolve();
      return new Promise<Hex>(() => undefined);
    },
  }).catch((error) => error);
  await asked.promise;
  await restart();
  expect(await paying).toMatchObject({ code: "ABORTED" });
}
const sends: WalletSigner["sendTransaction"] = async (request) => coin.send(payer, request);

test("where nodes have forgotten the counts it stays in doubt, and is found once one remembers", async () => {
  await closeWhileAsked(sends);
  coin.mine();
  wait(2 * hour);
  coin.lies = everyone(forgotten);
  expect(await outcome()).toBe("PAYMENT_UNSURE");
  await expect.poll(untold).toMatchObject([{ state: "unsure", amount: 100n, to: bob.publicId }]);
  coin.lies = {};
  expect(await outcome()).toBe("PAYMENT_MADE");
  expect(coin.waiting).toEqual([]);
});

test("among more transactions than one look goes through it is found by the next", async () => {
  await closeWhileAsked(async (request) => {
    for (let n = 0; n < 70; n++) coin.send(payer, { to: other, value: BigInt(n) });
    return coin.send(payer, request);
  });
  coin.mine();
  wait(2 * hour);
  await expect.poll(outcome).toBe("PAYMENT_MADE");
  expect(coin.waiting).toEqual([]);
});

/** What a token says of 100 units that moved in some block. */
function movedToken() {
  const [token, hash]: [Address, Hex] = [`0x${"5".repeat(40)}`, `0x${"77".repeat(32)}`];
  const log = {
    ...{ address: token, logIndex: "0x0", transactionHash: hash },
    topics: encodeEventTopics({ abi: erc20Abi, eventName: "Transfer", args: { from: payer, to: payee } }),
    data: encodeAbiParameters([{ type: "uint256" }], [100n]),
  };
  const record: PaymentInHand = {
    ...{ conversationId: id, id: "d".repeat(32), at: Date.now(), recipient: payee },
    content: {
      ...{ kind: "payment", asset: { chainId: 1, token }, amount: "100", to: bob.publicId, wallet: payer },
      ...{ block: 100, until: 1 },
    },
  };
  /** All nodes have the block, once they have as many as `known`. */
  const said = (at: number, known: () => number) =>
    everyone((method, [filter]) => {
      if (method !== "eth_getLogs") return undefined;
      const { fromBlock, toBlock } = filter as { fromBlock: Hex; toBlock: Hex };
      return Number(fromBlock) <= at && at <= Number(toBlock) && at <= known() ? [log] : [];
    });
  return { hash, record, said };
}

test("a token's transfer behind more blocks than one look goes through is found by the next", async () => {
  const { hash, record, said } = movedToken();
  coin.head = 2_050_000;
  coin.lies = said(2_030_000, () => coin.head);
  expect(await findSent(alice.core, record)).toEqual({ state: "unsure" });
  expect(await findSent(alice.core, record)).toEqual({ state: "found", transaction: hash });
});

test("a token's transfer in a block that the nodes asked for logs had not seen yet is found by the next look", async () => {
  const { hash, record, said } = movedToken();
  coin.head = 1_000;
  let known = 800;
  coin.lies = said(900, () => known);
  expect(await findSent(alice.core, record)).toEqual({ state: "none" });
  known = 1_000;
  expect(await findSent(alice.core, record)).toEqual({ state: "found", transaction: hash });
});

test("sent again with a higher fee, and told of without its number, it is not said to have failed", async () => {
  coin.lies = everyone((method) => {
    if (method === "eth_getTransactionByHash") throw new SkrumbleError("CHAIN_UNREACHABLE");
    return undefined;
  });
  const { id: message } = await pay();
  coin.lies = {};
  const [sent] = coin.waiting;
  coin.waiting = [{ ...(sent as NonNullable<typeof sent>), hash: `0x${"88".repeat(32)}` }];
  coin.mine();
  wait(2 * hour);
  await expect.poll(() => stateOf(message), { timeout: 20_000 }).toEqual({ state: "unsure", code: undefined });
  expect(await outcome()).toBe("PAYMENT_UNSURE");
  expect(coin.waiting).toEqual([]);
  await pay(undefined, { replace: true });
  expect(coin.waiting).toHaveLength(1);
});

test("one operator that tells of what waits keeps it in doubt for a day, not for ever", async () => {
  await closeWhileAsked(async () => "0x");
  coin.lies = {
    one: (method, [, at]) => (method === "eth_getTransactionCount" && at === "pending" ? "0x9" : undefined),
  };
  wait(2 * hour);
  expect(await outcome()).toBe("PAYMENT_UNSURE");
  wait(24 * hour);
  expect(await outcome()).toBe("paid");
});

test("what takes the place of a payment has no number that one operator made up", async () => {
  coin.lies = {
    two: (method, [, at]) => (method === "eth_getTransactionCount" && at === "pending" ? "0x9" : undefined),
  };
  await closeWhileAsked(sends);
  await pay(undefined, { replace: true });
  expect(coin.waiting.map(({ nonce }) => nonce)).toEqual([0]);
});

/** The wallet has sent it with a number of its own, and the conversation takes no word of it. */
async function sentUntold(nonce: number): Promise<PaymentInHand> {
  await closeWhileAsked(async () => "0x");
  const [record] = await allInHand(alice.core);
  const transaction = coin.send(payer, { to: payee, value: 100n, nonce });
  const known = { ...(record as PaymentInHand), conversationId: "e".repeat(32), transaction };
  await keepInHand(alice.core, known);
  return known;
}
const replacement = async () => {
  await pay(undefined, { replace: true });
  return coin.waiting.map(({ nonce, value }) => [nonce, value]);
};

test("what takes the place of a payment has the number that the wallet used, not the one it would have had", async () => {
  coin.send(payer, { to: other, value: 9n });
  await sentUntold(3);
  expect(await outcome()).toBe("PAYMENT_UNSURE");
  // The same once more, with the same number; the other transaction stays as it was.
  expect(await replacement()).toEqual([
    [0, 9n],
    [3, 100n],
  ]);
});

test("where nobody tells the number of a known transaction, another one is a payment of its own, and the first is kept", async () => {
  const { id: first } = await sentUntold(3);
  coin.lies = everyone((method) => {
    if (method === "eth_getTransactionByHash") throw new SkrumbleError("CHAIN_UNREACHABLE");
    return undefined;
  });
  expect(await outcome()).toBe("PAYMENT_UNSURE");
  expect((await replacement()).map(([nonce]) => nonce)).toEqual([3, 1]);
  expect((await allInHand(alice.core)).map((one) => one.id)).toContain(first);
});

test("where nobody can say what became of one that no conversation takes, that is said, and rarely asked for", async () => {
  await sentUntold(0);
  expect(await outcome()).toBe("PAYMENT_UNSURE");
  coin.waiting = [];
  coin.send(payer, { to: other, value: 9n });
  coin.mine();
  wait(2 * hour);
  coin.lies = everyone(forgotten);
  expect(await outcome()).toBe("PAYMENT_UNSURE");
  expect(await untold()).toMatchObject([{ state: "unsure", transaction: expect.any(String) }]);
  let searching = 0;
  coin.lies = everyone((method, params) => {
    if (isOld(method, params)) searching++;
    return forgotten(method, params);
  });
  await restart();
  await expect.poll(() => searching).toBeGreaterThan(0);
  await alice.core.serial.idle();
  const once = searching;
  for (let n = 0; n < 3; n++) expect(await outcome()).toBe("PAYMENT_UNSURE");
  expect(searching).toBe(once);
  expect(await untold()).toMatchObject([{ state: "unsure" }]);
});

test("what takes the place of a payment in doubt that was told of has its number, while that is free", async () => {
  const { id: message } = await pay();
  coin.waiting = [];
  await settlePayment(alice.core, id, message, { state: "unsure" });
  expect(await outcome()).toBe("PAYMENT_UNSURE");
  await pay(
    {
      ...coinWallet(coin, payer),
      sendTransaction: async (request) => {
        expect(request.nonce).toBe(0);
        return coin.send(payer, request);
      },
    },
    { replace: true },
  );
  expect(coin.waiting.map(({ nonce }) => nonce)).toEqual([0]);
});

test("of what waits two operators are heard, or nobody", async () => {
  coin.lies = Object.fromEntries(
    ["two", "three"].map((operator) => [
      operator,
      (method: string, [, at]: unknown[]) =>
        method === "eth_getTransactionCount" && at === "pending" ? "no" : undefined,
    ]),
  );
  await expect(readSent(coin.chain, payer)).rejects.toMatchObject({ code: "CHAIN_UNREACHABLE" });
  coin.send(payer, { to: other, value: 1n });
  coin.lies = { one: (method) => (method === "eth_getTransactionCount" ? "0x7" : undefined) };
  expect(await readSent(coin.chain, payer)).toEqual({ mined: 0, pending: 7, agreed: 1 });
});

test("what no conversation takes is settled by the chain alone, and keeps nothing waiting", async () => {
  await closeWhileAsked(async (request) => {
    const [record] = await allInHand(alice.core);
    await keepInHand(alice.core, { ...(record as PaymentInHand), conversationId: "e".repeat(32) });
    return coin.send(payer, request);
  });
  coin.mine();
  // Whoever pays the same is told once that it was made.
  expect(await outcome()).toBe("PAYMENT_MADE");
  expect(await untold()).toMatchObject([{ state: "final", amount: 100n, transaction: expect.any(String) }]);
  expect(await outcome()).toBe("paid");
  coin.mine();
  await restart();
  expect(await untold()).toMatchObject([{ state: "final" }]);
  expect(coin.paid(payee)).toBe(200n);
});

test("what could not be told of is told of when the conversation takes it again", async () => {
  const contact = () => alice.core.book.get(bob.publicId) as NonNullable<ReturnType<typeof alice.core.book.get>>;
  await closeWhileAsked(sends);
  await alice.core.book.save({ ...contact(), state: "blocked" });
  coin.mine();
  await restart();
  await expect.poll(untold).toMatchObject([{ state: "final" }]);
  await alice.core.book.save({ ...contact(), state: "connected" });
  await restart();
  await expect.poll(untold).toEqual([]);
  expect((await openConversation(alice.core, id, "").messages()).map(({ body }) => body.type)).toContain("payment");
});

test("with more devices than one, what this one does not know of may be the same payment", async () => {
  coin.send(payer, { to: payee, value: 100n });
  expect(await outcome()).toBe("paid");
  coin.mine();
  await expect.poll(() => allInHand(alice.core)).toEqual([]);
  await start(1);
  own();
  await alice.core.people.load(alice.publicId, 0);
  // One was sent from here, and another one waits.
  await pay(undefined, { amount: 7n });
  coin.send(payer, { to: payee, value: 5n });
  await expect(pay(undefined, { amount: 6n })).rejects.toMatchObject({ code: "PAYMENT_ELSEWHERE" });
  coin.mine();
  await expect(pay(undefined, { amount: 5n })).rejects.toMatchObject({ code: "PAYMENT_ELSEWHERE" });
  await pay(undefined, { amount: 6n });
  await pay(undefined, { amount: 5n, replace: true });
  expect(coin.waiting.map(({ value }) => value)).toEqual([6n, 5n]);
});

test("with more devices than one, what this one sent for packets is not another one's payment", async () => {
  await start(1);
  own();
  await alice.core.people.load(alice.publicId, 0);
  const sum = {
    conversationId: id,
    token: zeroAddress,
    amount: "9",
    shares: 1,
    expiresAt: 2 ** 33,
    validBefore: 2 ** 33,
  };
  await keepMade(alice.core.vault, {
    ...{ ...sum, messageId: "f".repeat(32), key: `0x${"11".repeat(32)}`, creator: payer, from: 100 },
    sends: { next: 0, asked: true, transaction: coin.send(payer, { to: other, value: 9n }) },
  });
  noteSent(alice.core, coin.send(payer, { to: other, value: 0n }));
  expect(await outcome()).toBe("paid");
  coin.send(payer, { to: other, value: 8n });
  await expect(pay(undefined, { amount: 6n })).rejects.toMatchObject({ code: "PAYMENT_ELSEWHERE" });
});

test("of what arrived for a request the rest is known", async () => {
  const bobs = openConversation(bob.core, id, "");
  const asset = { chainId: 1, token: zeroAddress } as const;
  const { id: request } = await bobs.money.request({ asset, amount: 100n, from: [alice.publicId] });
  await alice.receive(bob.sent.splice(0));
  const body = async () =>
    (await openConversation(alice.core, id, "").messages()).find((one) => one.id === request)?.body;
  await pay(undefined, { request, amount: 97n });
  coin.mine();
  await expect.poll(body, { timeout: 20_000 }).toMatchObject({
    ...{ paid: [], parts: [{ person: alice.publicId, amount: 97n }] },
  });
  await pay(undefined, { request, amount: 3n });
  coin.mine();
  await expect.poll(body, { timeout: 20_000 }).toMatchObject({ paid: [alice.publicId] });
  expect(await body()).not.toHaveProperty("parts");
});

test("whoever says to have paid by numbers long taken has nobody search for all of them", async () => {
  coin.send(payee, { to: other, value: 1n });
  coin.mine();
  const looked = new Set<unknown>();
  let searching = 0;
  coin.lies = everyone((method, params) => {
    if (method === "eth_getTransactionReceipt") looked.add(params[0]);
    if (isOld(method, params)) searching++;
    return undefined;
  });
  const { core } = alice;
  const claims = Array.from({ length: 60 }, (_, n) => ({
    ...{ id: n.toString(16).padStart(32, "0"), number: n, from: bob.publicId, outgoing: false, at: core.now() },
    delivery: "delivered" as const,
    body: {
      ...{ type: "payment" as const, asset: { chainId: 1, token: zeroAddress }, amount: "1", to: alice.publicId },
      ...{ wallet: payee, transaction: numberToHex(n, { size: 32 }), accountNonce: 0, block: 1, until: 2 ** 50 },
      state: "sent" as const,
    },
  }));
  core.threads.message = async (_, message) => claims.find((one) => one.id === message) as never;
  core.payments.note(id, claims);
  await expect.poll(() => looked.size, { timeout: 30_000 }).toBeGreaterThan(20);
  // Four searches in a hundred blocks, two operators each.
  expect(searching).toBeLessThanOrEqual(4 * 2 * 9);
});
