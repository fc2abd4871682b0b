import { type Hex, zeroAddress } from "viem";
import { expect, test } from "vitest";
import { SkrumbleError } from "../../src/errors/index.ts";
import { assignNonce } from "../../src/money/assignNonce.ts";
import { keepInHand, type PaymentInHand } from "../../src/money/inHand.ts";
import { createPayers, everyone, other, payee, payer } from "../support/payers.ts";

/** Which of the wallet's transactions a payment is to replace, and when it is one of its own. */

const payers = createPayers();
const transaction: Hex = `0x${"77".repeat(32)}`;

const record = (over: Partial<PaymentInHand> = {}, block = 200): PaymentInHand => ({
  ...{ conversationId: payers.id, id: "d".repeat(32), at: 5, recipient: payee },
  content: {
    ...{ kind: "payment", asset: { chainId: 1, token: zeroAddress }, amount: "100", to: payers.bob.publicId },
    ...{ wallet: payer, block, until: 1 },
  },
  ...over,
});
const before = (over: Partial<PaymentInHand> = {}) => record({ id: "e".repeat(32), at: 1, ...over }, 100);
const assign = (earlier: Parameters<typeof assignNonce>[2]) => assignNonce(payers.alice.core, record(), earlier);
/** Two of the wallet's are mined, and one waits. */
function sendThree() {
  for (let n = 0; n < 2; n++) payers.coin.send(payer, { to: other, value: 1n });
  payers.coin.mine();
  return payers.coin.send(payer, { to: other, value: 1n });
}
const own = (next: number) => ({ record: { ...record(), count: 2, next } });

test("with nothing earlier it is one of its own, and the wallet chooses", async () => {
  sendThree();
  expect(await assign({})).toEqual(own(3));
});

test("one that was told of and is in doubt leaves its nonce, while that is free, and is named", async () => {
  sendThree();
  const [accountNonce, instead] = [2, transaction];
  expect(await assign({ doubted: { accountNonce, transaction, wallet: payer } })).toEqual({
    ...own(2),
    accountNonce,
    instead,
  });
  expect(await assign({ doubted: { accountNonce: 1, transaction, wallet: payer } })).toEqual(own(3));
  expect(await assign({ doubted: { transaction, wallet: payer } })).toEqual(own(3));
  expect(await assign({ doubted: { accountNonce, transaction, wallet: other } })).toEqual(own(3));
});

test("what the wallet has signed and may have sent is named", async () => {
  sendThree();
  const told = { accountNonce: 2, signed: transaction };
  const earlier = before({ count: 1, next: 2, ...told });
  const attempts = [{ recipient: payee, signed: transaction }];
  expect(await assign({ open: [earlier] })).toEqual({
    record: record({ id: "e".repeat(32), count: 1, next: 2, ...told, before: attempts }, 100),
    ...{ earlier, accountNonce: 2, instead: transaction },
  });
  // Another wallet has numbers of its own.
  const elsewhere = { ...earlier, content: { ...earlier.content, wallet: other } };
  expect(await assign({ open: [elsewhere] })).toEqual(own(3));
});

test("one that was never heard of is asked for again, with the nonce it would have had while nodes know of that", async () => {
  sendThree();
  const again = ({ count, next }: { count: number; next: number }, earlier = before({ count, next })) => ({
    record: record({ id: "e".repeat(32), count, next }, 100),
    earlier,
  });
  expect(await assign({ open: [before({ count: 1, next: 2 })] })).toEqual({
    ...again({ count: 1, next: 2 }),
    accountNonce: 2,
  });
  // Mined meanwhile; beyond what anybody knows of; not known at all.
  expect(await assign({ open: [before({ count: 1, next: 1 })] })).toEqual(again({ count: 1, next: 1 }));
  expect(await assign({ open: [before({ count: 1, next: 9 })] })).toEqual(again({ count: 1, next: 9 }));
  expect(await assign({ open: [before()] })).toEqual({
    ...again({ count: 2, next: 3 }, before()),
    accountNonce: 3,
  });
});

test("one that waits is replaced with its own nonce, also behind a gap", async () => {
  sendThree();
  const waiting = payers.coin.send(payer, { to: payee, value: 100n, nonce: 7 });
  const earlier = before({ count: 1, next: 2, transaction: waiting });
  expect(await assign({ open: [earlier] })).toEqual({
    record: record({ id: "e".repeat(32), count: 1, next: 7, transaction: waiting, accountNonce: 7 }, 100),
    ...{ earlier, accountNonce: 7, instead: waiting },
  });
});

test("one whose nonce another payment has taken, or nobody tells, stays, and this is one of its own", async () => {
  const waiting = sendThree();
  const earlier = before({ count: 1, next: 2, transaction: waiting });
  await keepInHand(payers.alice.core, record({ id: "f".repeat(32), accountNonce: 2 }));
  expect(await assign({ open: [earlier] })).toEqual(own(3));
  payers.coin.lies = everyone((method) => {
    if (method === "eth_getTransactionByHash") throw new SkrumbleError("CHAIN_UNREACHABLE");
    return undefined;
  });
  expect(await assign({ open: [before({ transaction })] })).toEqual(own(3));
});

test("one that is in a block was made, though the block is not final", async () => {
  const mined = sendThree();
  payers.coin.mine();
  await expect(assign({ open: [before({ transaction: mined })] })).rejects.toMatchObject({ code: "PAYMENT_MADE" });
});

test("one whose number was mined with what another payment names was not made", async () => {
  const named = payers.coin.send(payer, { to: payee, value: 100n });
  payers.coin.mine();
  const open = [before({ count: 0, next: 0, accountNonce: 0, signed: transaction })];
  await expect(assign({ open })).rejects.toMatchObject({ code: "PAYMENT_MADE" });
  await keepInHand(payers.alice.core, record({ id: "f".repeat(32), transaction: named }));
  expect(await assign({ open })).toEqual({ record: { ...record(), count: 1, next: 1 } });
});
