import { encodeAbiParameters, encodeEventTopics, erc20Abi, type Hex, numberToHex, zeroAddress } from "viem";
import { expect, test } from "vitest";
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
import type { Address } from "../../src/types/primitives.ts";
import { coinWallet } from "../support/coinChain.ts";
import { createPayers, everyone, hour, isOld, other, payee, payer } from "../support/payers.ts";

/** What nobody can say is never said, and never paid again unawares. */

const payers = createPayers();
const { start, restart, own, wait, pay, outcome, stateOf, sends, closeWhileAsked } = payers;

const forgotten = (method: string, params: unknown[]) => {
  if (isOld(method, params)) throw new RpcError(-32000, "missing trie node", undefined);
  return undefined;
};
const untold = () => clientMoney(() => payers.alice.core).untold();

test("where nodes have forgotten the counts it stays in doubt, and is found once one remembers", async () => {
  await closeWhileAsked(sends);
  payers.coin.mine();
  wait(2 * hour);
  payers.coin.lies = everyone(forgotten);
  expect(await outcome()).toBe("PAYMENT_UNSURE");
  await expect.poll(untold).toMatchObject([{ state: "unsure", amount: 100n, to: payers.bob.publicId }]);
  payers.coin.lies = {};
  expect(await outcome()).toBe("PAYMENT_MADE");
  expect(payers.coin.waiting).toEqual([]);
});

test("among more transactions than one look goes through it is found by the next", async () => {
  await closeWhileAsked(async (request) => {
    for (let n = 0; n < 70; n++) payers.coin.send(payer, { to: other, value: BigInt(n) });
    return payers.coin.send(payer, request);
  });
  payers.coin.mine();
  wait(2 * hour);
  await expect.poll(outcome).toBe("PAYMENT_MADE");
  expect(payers.coin.waiting).toEqual([]);
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
    ...{ conversationId: payers.id, id: "d".repeat(32), at: Date.now(), recipient: payee },
    content: {
      ...{ kind: "payment", asset: { chainId: 1, token }, amount: "100", to: payers.bob.publicId, wallet: payer },
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
  payers.coin.head = 2_050_000;
  payers.coin.lies = said(2_030_000, () => payers.coin.head);
  expect(await findSent(payers.alice.core, record)).toEqual({ state: "unsure" });
  expect(await findSent(payers.alice.core, record)).toEqual({ state: "found", transaction: hash });
});

test("a token's transfer to the wallet that somebody had when it was first asked for is found", async () => {
  const { hash, record, said } = movedToken();
  payers.coin.head = 1_000;
  const to = (topics: unknown) => (topics as Hex[])[2]?.endsWith(payee.slice(2));
  const all = said(900, () => payers.coin.head);
  payers.coin.lies = everyone((method, params) => {
    const [filter] = params as [{ topics?: unknown }];
    if (method === "eth_getLogs" && !to(filter.topics)) return [];
    return all.one?.(method, params);
  });
  const moved = { ...record, recipient: other };
  expect(await findSent(payers.alice.core, moved)).toEqual({ state: "none" });
  const before = [{ recipient: payee }];
  expect(await findSent(payers.alice.core, { ...moved, id: "e".repeat(32), before })).toEqual({
    ...{ state: "found", transaction: hash },
  });
});

test("a token's transfer in a block that the nodes asked for logs had not seen yet is found by the next look", async () => {
  const { hash, record, said } = movedToken();
  payers.coin.head = 1_000;
  let known = 800;
  payers.coin.lies = said(900, () => known);
  expect(await findSent(payers.alice.core, record)).toEqual({ state: "none" });
  known = 1_000;
  expect(await findSent(payers.alice.core, record)).toEqual({ state: "found", transaction: hash });
});

test("sent again with a higher fee, and told of without its number, it is not said to have failed", async () => {
  payers.coin.lies = everyone((method) => {
    if (method === "eth_getTransactionByHash") throw new SkrumbleError("CHAIN_UNREACHABLE");
    return undefined;
  });
  const { id: message } = await pay();
  payers.coin.lies = {};
  const [sent] = payers.coin.waiting;
  payers.coin.waiting = [{ ...(sent as NonNullable<typeof sent>), hash: `0x${"88".repeat(32)}` }];
  payers.coin.mine();
  wait(2 * hour);
  await expect.poll(() => stateOf(message), { timeout: 20_000 }).toEqual({ state: "unsure", code: undefined });
  expect(await outcome()).toBe("PAYMENT_UNSURE");
  expect(payers.coin.waiting).toEqual([]);
  await pay(undefined, { replace: true });
  expect(payers.coin.waiting).toHaveLength(1);
});

test("one operator that tells of what waits keeps it in doubt for a day, not for ever", async () => {
  await closeWhileAsked(async () => "0x");
  payers.coin.lies = {
    one: (method, [, at]) => (method === "eth_getTransactionCount" && at === "pending" ? "0x9" : undefined),
  };
  wait(2 * hour);
  expect(await outcome()).toBe("PAYMENT_UNSURE");
  wait(24 * hour);
  expect(await outcome()).toBe("paid");
});

test("what takes the place of a payment has no number that one operator made up", async () => {
  payers.coin.lies = {
    two: (method, [, at]) => (method === "eth_getTransactionCount" && at === "pending" ? "0x9" : undefined),
  };
  await closeWhileAsked(sends);
  await pay(undefined, { replace: true });
  expect(payers.coin.waiting.map(({ nonce }) => nonce)).toEqual([0]);
});

/** The wallet has sent it with a number of its own, and the conversation takes no word of it. */
async function sentUntold(nonce: number): Promise<PaymentInHand> {
  await closeWhileAsked(async () => "0x");
  const [record] = await allInHand(payers.alice.core);
  const transaction = payers.coin.send(payer, { to: payee, value: 100n, nonce });
  const known = { ...(record as PaymentInHand), conversationId: "e".repeat(32), transaction };
  await keepInHand(payers.alice.core, known);
  return known;
}
const replacement = async () => {
  await pay(undefined, { replace: true });
  return payers.coin.waiting.map(({ nonce, value }) => [nonce, value]);
};

test("what takes the place of a payment has the number that the wallet used, not the one it would have had", async () => {
  payers.coin.send(payer, { to: other, value: 9n });
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
  payers.coin.lies = everyone((method) => {
    if (method === "eth_getTransactionByHash") throw new SkrumbleError("CHAIN_UNREACHABLE");
    return undefined;
  });
  expect(await outcome()).toBe("PAYMENT_UNSURE");
  expect((await replacement()).map(([nonce]) => nonce)).toEqual([3, 1]);
  expect((await allInHand(payers.alice.core)).map((one) => one.id)).toContain(first);
});

test("where nobody can say what became of one that no conversation takes, that is said, and rarely asked for", async () => {
  await sentUntold(0);
  expect(await outcome()).toBe("PAYMENT_UNSURE");
  payers.coin.waiting = [];
  payers.coin.send(payer, { to: other, value: 9n });
  payers.coin.mine();
  wait(2 * hour);
  payers.coin.lies = everyone(forgotten);
  expect(await outcome()).toBe("PAYMENT_UNSURE");
  expect(await untold()).toMatchObject([{ state: "unsure", transaction: expect.any(String) }]);
  let searching = 0;
  payers.coin.lies = everyone((method, params) => {
    if (isOld(method, params)) searching++;
    return forgotten(method, params);
  });
  await restart();
  await expect.poll(() => searching).toBeGreaterThan(0);
  await payers.alice.core.serial.idle();
  const once = searching;
  for (let n = 0; n < 3; n++) expect(await outcome()).toBe("PAYMENT_UNSURE");
  expect(searching).toBe(once);
  expect(await untold()).toMatchObject([{ state: "unsure" }]);
});

test("what takes the place of a payment in doubt that was told of has its number, while that is free", async () => {
  const { id: message } = await pay();
  payers.coin.waiting = [];
  await settlePayment(payers.alice.core, payers.id, message, { state: "unsure" });
  expect(await outcome()).toBe("PAYMENT_UNSURE");
  await pay(
    {
      ...coinWallet(payers.coin, payer),
      sendTransaction: async (request) => {
        expect(request.nonce).toBe(0);
        return payers.coin.send(payer, request);
      },
    },
    { replace: true },
  );
  expect(payers.coin.waiting.map(({ nonce }) => nonce)).toEqual([0]);
});

test("of what waits two operators are heard, or nobody", async () => {
  payers.coin.lies = Object.fromEntries(
    ["two", "three"].map((operator) => [
      operator,
      (method: string, [, at]: unknown[]) =>
        method === "eth_getTransactionCount" && at === "pending" ? "no" : undefined,
    ]),
  );
  await expect(readSent(payers.coin.chain, payer)).rejects.toMatchObject({ code: "CHAIN_UNREACHABLE" });
  payers.coin.send(payer, { to: other, value: 1n });
  payers.coin.lies = { one: (method) => (method === "eth_getTransactionCount" ? "0x7" : undefined) };
  expect(await readSent(payers.coin.chain, payer)).toEqual({ mined: 0, pending: 7, agreed: 1 });
});

test("what no conversation takes is settled by the chain alone, and keeps nothing waiting", async () => {
  await closeWhileAsked(async (request) => {
    const [record] = await allInHand(payers.alice.core);
    await keepInHand(payers.alice.core, { ...(record as PaymentInHand), conversationId: "e".repeat(32) });
    return payers.coin.send(payer, request);
  });
  payers.coin.mine();
  // Whoever pays the same is told once that it was made.
  expect(await outcome()).toBe("PAYMENT_MADE");
  expect(await untold()).toMatchObject([{ state: "final", amount: 100n, transaction: expect.any(String) }]);
  expect(await outcome()).toBe("paid");
  payers.coin.mine();
  await restart();
  expect(await untold()).toMatchObject([{ state: "final" }]);
  expect(payers.coin.paid(payee)).toBe(200n);
});

test("what could not be told of is told of when the conversation takes it again", async () => {
  const contact = () =>
    payers.alice.core.book.get(payers.bob.publicId) as NonNullable<ReturnType<typeof payers.alice.core.book.get>>;
  await closeWhileAsked(sends);
  await payers.alice.core.book.save({ ...contact(), state: "blocked" });
  payers.coin.mine();
  await restart();
  await expect.poll(untold).toMatchObject([{ state: "final" }]);
  await payers.alice.core.book.save({ ...contact(), state: "connected" });
  await restart();
  await expect.poll(untold).toEqual([]);
  expect((await openConversation(payers.alice.core, payers.id, "").messages()).map(({ body }) => body.type)).toContain(
    "payment",
  );
});

test("with more devices than one, what this one does not know of may be the same payment", async () => {
  payers.coin.send(payer, { to: payee, value: 100n });
  expect(await outcome()).toBe("paid");
  payers.coin.mine();
  await expect.poll(() => allInHand(payers.alice.core)).toEqual([]);
  await start(1);
  own();
  await payers.alice.core.people.load(payers.alice.publicId, 0);
  // One was sent from here, and another one waits.
  await pay(undefined, { amount: 7n });
  payers.coin.send(payer, { to: payee, value: 5n });
  await expect(pay(undefined, { amount: 6n })).rejects.toMatchObject({ code: "PAYMENT_ELSEWHERE" });
  payers.coin.mine();
  await expect(pay(undefined, { amount: 5n })).rejects.toMatchObject({ code: "PAYMENT_ELSEWHERE" });
  await pay(undefined, { amount: 6n });
  await pay(undefined, { amount: 5n, replace: true });
  expect(payers.coin.waiting.map(({ value }) => value)).toEqual([6n, 5n]);
});

test("with more devices than one, what this one sent for packets is not another one's payment", async () => {
  await start(1);
  own();
  await payers.alice.core.people.load(payers.alice.publicId, 0);
  const sum = {
    conversationId: payers.id,
    token: zeroAddress,
    amount: "9",
    shares: 1,
    expiresAt: 2 ** 33,
    validBefore: 2 ** 33,
  };
  await keepMade(payers.alice.core.vault, {
    ...{ ...sum, messageId: "f".repeat(32), key: `0x${"11".repeat(32)}`, creator: payer, from: 100 },
    sends: { next: 0, asked: true, transaction: payers.coin.send(payer, { to: other, value: 9n }) },
  });
  noteSent(payers.alice.core, payers.coin.send(payer, { to: other, value: 0n }));
  expect(await outcome()).toBe("paid");
  payers.coin.send(payer, { to: other, value: 8n });
  await expect(pay(undefined, { amount: 6n })).rejects.toMatchObject({ code: "PAYMENT_ELSEWHERE" });
});

test("of what arrived for a request the rest is known", async () => {
  const bobs = openConversation(payers.bob.core, payers.id, "");
  const asset = { chainId: 1, token: zeroAddress } as const;
  const { id: request } = await bobs.money.request({ asset, amount: 100n, from: [payers.alice.publicId] });
  await payers.alice.receive(payers.bob.sent.splice(0));
  const body = async () =>
    (await openConversation(payers.alice.core, payers.id, "").messages()).find((one) => one.id === request)?.body;
  await pay(undefined, { request, amount: 97n });
  payers.coin.mine();
  await expect.poll(body, { timeout: 20_000 }).toMatchObject({
    ...{ paid: [], parts: [{ person: payers.alice.publicId, amount: 97n }] },
  });
  await pay(undefined, { request, amount: 3n });
  payers.coin.mine();
  await expect.poll(body, { timeout: 20_000 }).toMatchObject({ paid: [payers.alice.publicId] });
  expect(await body()).not.toHaveProperty("parts");
});

test("whoever says to have paid by numbers long taken has nobody search for all of them", async () => {
  payers.coin.send(payee, { to: other, value: 1n });
  payers.coin.mine();
  const looked = new Set<unknown>();
  let searching = 0;
  payers.coin.lies = everyone((method, params) => {
    if (method === "eth_getTransactionReceipt") looked.add(params[0]);
    if (isOld(method, params)) searching++;
    return undefined;
  });
  const { core } = payers.alice;
  const claims = Array.from({ length: 60 }, (_, n) => ({
    ...{ id: n.toString(16).padStart(32, "0"), number: n, from: payers.bob.publicId, outgoing: false, at: core.now() },
    delivery: "delivered" as const,
    body: {
      ...{
        type: "payment" as const,
        asset: { chainId: 1, token: zeroAddress },
        amount: "1",
        to: payers.alice.publicId,
      },
      ...{ wallet: payee, transaction: numberToHex(n, { size: 32 }), accountNonce: 0, block: 1, until: 2 ** 50 },
      state: "sent" as const,
    },
  }));
  core.threads.message = async (_, message) => claims.find((one) => one.id === message) as never;
  core.payments.note(payers.id, claims);
  await expect.poll(() => looked.size, { timeout: 30_000 }).toBeGreaterThan(20);
  // Four searches in a hundred blocks, two operators each.
  expect(searching).toBeLessThanOrEqual(4 * 2 * 9);
});
