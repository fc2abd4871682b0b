import { zeroAddress } from "viem";
import { expect, test } from "vitest";
import { openConversation } from "../../src/conversation/openConversation.ts";
import { sendContent } from "../../src/conversation/send/sendContent.ts";
import { SkrumbleError } from "../../src/errors/index.ts";
import { NotSentError } from "../../src/identity/wallet.ts";
import { allInHand } from "../../src/money/inHand.ts";
import type { WalletSigner } from "../../src/types/client.ts";
import type { PaymentBody } from "../../src/types/money.ts";
import type { Hex } from "../../src/types/primitives.ts";
import { coinWallet } from "../support/coinChain.ts";
import { createPayers, everyone, other, payee, payer } from "../support/payers.ts";

/** What a wallet sends by itself is paid once, whenever the page is closed. */

const payers = createPayers();
const { restart, pay, sends, closeWhileAsked } = payers;

const payments = async () =>
  (await openConversation(payers.alice.core, payers.id, "").messages()).filter(({ body }) => body.type === "payment");
const becomes = (message: string, state: PaymentBody["state"]) =>
  expect
    .poll(async () => (await payments()).map((one) => [one.id, (one.body as PaymentBody).state]), { timeout: 20_000 })
    .toContainEqual([message, state]);
/** The wallet sends, and the page is closed before it says so. */
const closeAfterSending = () => closeWhileAsked(sends);

test("what waits to be mined when the page is closed is not paid again unawares; mined, it is told of", async () => {
  await closeAfterSending();
  const [asked] = await allInHand(payers.alice.core);
  await expect(pay()).rejects.toMatchObject({ code: "PAYMENT_UNSURE" });
  expect(payers.coin.waiting).toHaveLength(1);
  payers.coin.mine();
  await expect(pay()).rejects.toMatchObject({ code: "PAYMENT_MADE" });
  expect(payers.coin.waiting).toEqual([]);
  const [told] = await payments();
  expect(told?.at).toBe(asked?.at);
  await becomes(told?.id as string, "final");
  expect(await allInHand(payers.alice.core)).toEqual([]);
  // From now on it is another payment.
  payers.coin.mine();
  await becomes((await pay()).id, "sent");
});

test("what the person says is to take its place has its number: one of the two is mined", async () => {
  await closeAfterSending();
  const { id: message } = await pay(undefined, { replace: true });
  expect(payers.coin.waiting.map(({ nonce }) => nonce)).toEqual([0]);
  payers.coin.mine();
  await becomes(message, "final");
  expect(payers.coin.paid(payee)).toBe(100n);
  expect(await payments()).toHaveLength(1);
});

test("a wallet that was closed with the prompt may have sent: it is refused, whatever one relay says", async () => {
  for (const lie of ["0x0", "0x9"]) {
    payers.coin.lies = {
      one: (method, [, at]) => (method === "eth_getTransactionCount" && at === "pending" ? lie : undefined),
    };
    await closeAfterSending();
    await expect(pay()).rejects.toMatchObject({ code: "PAYMENT_UNSURE" });
    payers.coin.mine();
    await expect(pay()).rejects.toMatchObject({ code: "PAYMENT_MADE" });
  }
  expect(payers.coin.paid(payee)).toBe(200n);
});

test("a relay that hides the newest blocks hides no payment", async () => {
  await closeAfterSending();
  payers.coin.mine();
  payers.coin.lies = { one: (method) => (method === "eth_blockNumber" ? "0x60" : undefined) };
  await expect(pay()).rejects.toMatchObject({ code: "PAYMENT_MADE" });
});

test("it is found among all that the wallet sent since, and what another message names is not it", async () => {
  const { id: first } = await pay();
  payers.coin.mine();
  await becomes(first, "final");
  payers.coin.send(payer, { to: `0x${"c3".repeat(20)}`, value: 5n });
  await closeAfterSending();
  payers.coin.send(payer, { to: payee, value: 7n });
  payers.coin.mine();
  await expect(pay()).rejects.toMatchObject({ code: "PAYMENT_MADE" });
  expect(await payments()).toHaveLength(2);
  expect(payers.coin.paid(payee)).toBe(207n);
});

test("somebody else's message that names what was sent does not hide it", async () => {
  await closeAfterSending();
  const [sent] = payers.coin.waiting;
  await sendContent(payers.bob.core, payers.id, {
    ...{ kind: "payment", asset: { chainId: 1, token: zeroAddress }, amount: "100", to: payers.alice.publicId },
    ...{ wallet: payee, transaction: sent?.hash as Hex, block: 1, until: 2_000_000_000 },
  });
  await payers.alice.receive(payers.bob.sent.splice(0));
  payers.coin.mine();
  await expect(pay()).rejects.toMatchObject({ code: "PAYMENT_MADE" });
});

test("what the wallet said before the page was closed is told of at the next start, mined or not", async () => {
  const { vault } = payers.alice.core;
  const { write } = vault;
  const paying = pay({
    ...coinWallet(payers.coin, payer),
    async sendTransaction(request) {
      const hash = payers.coin.send(payer, request);
      // It is written down; nothing more in the moment in which the page goes.
      let writes = 0;
      vault.write = (ops) => (++writes === 1 ? write.call(vault, ops) : Promise.reject(new Error("closed")));
      return hash;
    },
  }).catch((error) => error);
  expect(await paying).toBeInstanceOf(Error);
  expect(await allInHand(payers.alice.core)).toMatchObject([{ transaction: expect.any(String) }]);
  await restart();
  await expect.poll(payments).toHaveLength(1);
  await expect.poll(() => allInHand(payers.alice.core)).toEqual([]);
  expect(payers.coin.waiting).toHaveLength(1);
});

test("a prompt that nobody answers keeps no other payment waiting, and can be given up for the same", async () => {
  const { promise: never } = Promise.withResolvers<Hex>();
  const asked = Promise.withResolvers<void>();
  const silent: WalletSigner = {
    ...coinWallet(payers.coin, payer),
    sendTransaction: () => {
      asked.resolve();
      return never;
    },
  };
  const waiting = pay(silent).catch((error) => error);
  await asked.promise;
  await pay(undefined, { amount: 7n });
  await expect(pay()).rejects.toMatchObject({ code: "PAYMENT_UNSURE" });
  const { id: message } = await pay(undefined, { replace: true });
  expect(await waiting).toMatchObject({ code: "ABORTED" });
  payers.coin.mine();
  await becomes(message, "final");
  expect(payers.coin.paid(payee)).toBe(107n);
});

test("what a wallet says late of a payment that was given up counts as sent", async () => {
  const late = Promise.withResolvers<Hex>();
  const asked = Promise.withResolvers<void>();
  const waiting = pay({
    ...coinWallet(payers.coin, payer),
    sendTransaction: () => {
      asked.resolve();
      return late.promise;
    },
  }).catch((error) => error);
  await asked.promise;
  const no = Object.assign(new Error("no"), { code: 4001 });
  const refusing: WalletSigner = { ...coinWallet(payers.coin, payer), sendTransaction: () => Promise.reject(no) };
  await expect(pay(refusing, { replace: true })).rejects.toMatchObject({ code: "WALLET_REFUSED" });
  expect(await waiting).toMatchObject({ code: "ABORTED" });
  // The first prompt may still be open.
  await expect(pay()).rejects.toMatchObject({ code: "PAYMENT_UNSURE" });
  late.resolve(payers.coin.send(payer, { to: payee, value: 100n }));
  await expect.poll(async () => (await payments()).length, { timeout: 20_000 }).toBe(1);
  payers.coin.mine();
  await becomes((await payments())[0]?.id as string, "final");
  expect(payers.coin.paid(payee)).toBe(100n);
});

test("what takes its place has the number that the wallet told before it sent, not one that was guessed", async () => {
  const hash: Hex = `0x${"66".repeat(32)}`;
  await closeWhileAsked(async ({ onSigned }) => {
    await onSigned?.({ hash, nonce: 7 });
    return hash;
  });
  const numbers: unknown[] = [];
  const wallet: WalletSigner = {
    ...coinWallet(payers.coin, payer),
    sendTransaction: async (request) => {
      numbers.push(request.nonce);
      return sends(request);
    },
  };
  await expect(pay()).rejects.toMatchObject({ code: "PAYMENT_UNSURE" });
  await pay(wallet, { replace: true });
  expect(numbers).toEqual([7]);
});

test("what takes its place names it to the wallet, also when it goes to somebody's new wallet", async () => {
  const hash: Hex = `0x${"66".repeat(32)}`;
  const asked: unknown[] = [];
  const wallet = (then: () => Promise<Hex>): WalletSigner => ({
    ...coinWallet(payers.coin, payer),
    async sendTransaction({ onSigned, to, nonce, replaces }) {
      asked.push({ to, nonce, replaces });
      await onSigned?.({ hash, nonce: 0 });
      return then();
    },
  });
  const late = Promise.withResolvers<Hex>();
  const waiting = pay(wallet(() => late.promise)).catch((error) => error);
  await expect.poll(async () => (await allInHand(payers.alice.core))[0]?.accountNonce).toBe(0);
  Object.assign(payers.registry.entries.get(payers.bob.publicId) as object, { owner: other });
  const no = () => Promise.reject(Object.assign(new Error("no"), { code: 4001 }));
  await expect(pay(wallet(no), { replace: true })).rejects.toMatchObject({ code: "WALLET_REFUSED" });
  expect(await waiting).toMatchObject({ code: "ABORTED" });
  // It is still what may have been sent.
  const { id: message } = await pay(
    wallet(() => sends({ to: other, value: 100n, nonce: 0 })),
    { replace: true },
  );
  const again = { to: other, nonce: 0, replaces: hash };
  expect(asked).toEqual([{ to: payee, nonce: undefined, replaces: undefined }, again, again]);
  payers.coin.mine();
  await becomes(message, "final");
  expect(payers.coin.paid(other)).toBe(100n);
});

test("one that still waits in the wallet when it is given up is not sent any more", async () => {
  const [asked, turn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const outcomes: unknown[] = [];
  const queued: WalletSigner = {
    ...coinWallet(payers.coin, payer),
    async sendTransaction(request) {
      asked.resolve();
      await turn.promise;
      outcomes.push(request.signal?.aborted);
      await request.onSigned?.({ hash: `0x${"66".repeat(32)}`, nonce: 0 });
      return sends(request);
    },
  };
  const waiting = pay(queued).catch((error) => error);
  await asked.promise;
  const { id: message } = await pay(undefined, { replace: true });
  turn.resolve();
  expect(await waiting).toMatchObject({ code: "ABORTED" });
  payers.coin.mine();
  await becomes(message, "final");
  expect(outcomes).toEqual([true]);
  expect(payers.coin.waiting).toEqual([]);
  expect(payers.coin.paid(payee)).toBe(100n);
});

test("one that the wallet gave up before its number was written down leaves nothing in doubt", async () => {
  const written = Promise.withResolvers<void>();
  let late: Promise<unknown> | undefined;
  const givesUp: WalletSigner = {
    ...coinWallet(payers.coin, payer),
    async sendTransaction({ onSigned }) {
      late = written.promise.then(() => onSigned?.({ hash: `0x${"66".repeat(32)}`, nonce: 0 }));
      late.catch(() => undefined);
      throw new NotSentError(new SkrumbleError("WALLET_FAILED"));
    },
  };
  await expect(pay(givesUp)).rejects.toMatchObject({ code: "WALLET_FAILED" });
  written.resolve();
  await expect(late).rejects.toMatchObject({ code: "ABORTED" });
  const { id: message } = await pay();
  payers.coin.mine();
  await becomes(message, "final");
  expect(payers.coin.paid(payee)).toBe(100n);
});

test("what a wallet is in doubt of is kept with its hash, told of, and paid once", async () => {
  const doubting: WalletSigner = {
    ...coinWallet(payers.coin, payer),
    async sendTransaction(request) {
      const hash = await sends(request);
      await request.onSigned?.({ hash, nonce: 0 });
      throw new SkrumbleError("WALLET_SEND_UNSURE", { values: { hash, nonce: 0 } });
    },
  };
  await expect(pay(doubting)).rejects.toMatchObject({ code: "WALLET_SEND_UNSURE" });
  await expect.poll(async () => (await payments()).length, { timeout: 20_000 }).toBe(1);
  payers.coin.mine();
  await becomes((await payments())[0]?.id as string, "final");
  expect(payers.coin.paid(payee)).toBe(100n);
});

test("nothing is signed that differs from what was looked at", async () => {
  const money = () => openConversation(payers.alice.core, payers.id, "").money;
  const input = { to: payers.bob.publicId, asset: { chainId: 1, token: zeroAddress }, amount: 100n };
  const reviewed = await money().review(input);
  for (const change of [{ amount: 101n }, { recipient: payer }, { asset: { ...reviewed.asset, decimals: 6 } }]) {
    await expect(pay(undefined, { reviewed: { ...reviewed, ...change } })).rejects.toMatchObject({
      code: "PAYMENT_CHANGED",
    });
  }
  Object.assign(payers.registry.entries.get(payers.bob.publicId) as object, { owner: `0x${"d4".repeat(20)}` });
  await expect(pay(undefined, { reviewed })).rejects.toMatchObject({ code: "PAYMENT_CHANGED" });
  expect(payers.coin.waiting).toEqual([]);
});

test("sent again with a higher fee it is the same payment; cancelled in the wallet nothing was paid", async () => {
  const first = await pay();
  const [sent] = payers.coin.waiting;
  // Another transaction with the same number.
  payers.coin.waiting = [{ ...(sent as NonNullable<typeof sent>), hash: `0x${"77".repeat(32)}` }];
  payers.coin.mine();
  await becomes(first.id, "final");
  const second = await pay();
  payers.coin.send(payer, { to: payer, value: 0n, nonce: 1 });
  payers.coin.mine();
  await becomes(second.id, "failed");
  expect((await payments()).find((one) => one.id === second.id)?.body).toMatchObject({ code: "PAYMENT_REPLACED" });
  expect(payers.coin.paid(payee)).toBe(100n);
});

test("whoever paid a request has paid it, also when the message of the payment is deleted", async () => {
  const bobs = openConversation(payers.bob.core, payers.id, "");
  const request = await bobs.money.request({
    asset: { chainId: 1, token: zeroAddress },
    amount: 100n,
    from: [payers.alice.publicId],
  });
  await payers.alice.receive(payers.bob.sent.splice(0));
  const ends = openConversation(payers.alice.core, payers.id, "");
  const paidBy = async () => {
    const found = (await ends.messages()).find((one) => one.id === request.id);
    return found?.body.type === "request" ? found.body.paid : undefined;
  };
  const half = await pay(undefined, { request: request.id, amount: 50n });
  payers.coin.mine();
  await becomes(half.id, "final");
  await ends.deleteForMe(half.id);
  const rest = await pay(undefined, { request: request.id, amount: 50n });
  payers.coin.mine();
  await becomes(rest.id, "final");
  await expect.poll(paidBy).toEqual([payers.alice.publicId]);
  await ends.deleteForMe(rest.id);
  await pay(undefined, { request: request.id, amount: 1n });
  payers.coin.mine();
  await expect.poll(() => allInHand(payers.alice.core)).toEqual([]);
  await payers.alice.core.payments.idle;
  expect(await paidBy()).toEqual([payers.alice.publicId]);
});

test("somebody who says a thousand times to have paid keeps nobody's payment waiting", async () => {
  const { core } = payers.alice;
  const looked = new Map<string, number>();
  payers.coin.lies = everyone((method: string, [hash]: unknown[]) => {
    if (method === "eth_getTransactionReceipt") looked.set(String(hash), (looked.get(String(hash)) ?? 0) + 1);
    return undefined;
  });
  const claims = Array.from({ length: 200 }, (_, n) => ({
    ...{ id: n.toString(16).padStart(32, "0"), number: n, from: payers.bob.publicId, outgoing: false, at: core.now() },
    delivery: "delivered" as const,
    body: {
      ...{
        type: "payment" as const,
        asset: { chainId: 1, token: zeroAddress },
        amount: "1",
        to: payers.alice.publicId,
      },
      ...{ wallet: payee, transaction: `0x${n.toString(16).padStart(64, "0")}` as Hex, block: 1, until: 2 ** 50 },
      state: "sent" as const,
    },
  }));
  core.threads.message = async (_, message) => claims.find((one) => one.id === message) as never;
  core.payments.note(payers.id, claims);
  await expect.poll(() => looked.size, { timeout: 20_000 }).toBeGreaterThan(4);
  expect(looked.size).toBeLessThanOrEqual(12);
});
