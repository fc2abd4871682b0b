import { type Hex, zeroAddress } from "viem";
import { beforeEach, expect, test } from "vitest";
import type { AnyChain } from "../../src/chain/chain.ts";
import { SkrumbleError } from "../../src/errors/index.ts";
import { findSent } from "../../src/money/findSent.ts";
import type { PaymentInHand } from "../../src/money/inHand.ts";
import { transfersBetween } from "../../src/money/receipt.ts";
import type { Address } from "../../src/types/primitives.ts";
import type { CoinChain } from "../support/coinChain.ts";
import { createPayers, everyone, hour, isOld, other, payee, payer } from "../support/payers.ts";

/** On a chain where gas is bid for and blocks can be undone, nothing is over by its time alone. */

const there = ({ chain }: CoinChain): AnyChain => ({
  ...{ network: { chainId: 2, name: "Two" }, rpc: chain.rpc },
  further: {
    coin: { token: zeroAddress, symbol: "TWO", name: "Two", decimals: 18 },
    ...{ tokens: [], finality: { confirmations: 3 } },
  },
});
const payers = createPayers({ chainId: 2, further: (coin) => [there(coin)] });
const { wait, pay, outcome, stateOf, closeWhileAsked } = payers;

const gas: Record<string, Hex> = { eth_estimateGas: "0x5208", eth_gasPrice: "0x1" };
const say = (lie: CoinChain["lies"][string] = () => undefined) => {
  payers.coin.lies = everyone((method, params) => lie(method, params) ?? gas[method]);
};
beforeEach(() => say());

const mine = (blocks: number) => {
  for (let n = 0; n < blocks; n++) payers.coin.mine();
};

test("what waits where nobody looks stays in doubt until its number is used in a final block", async () => {
  await closeWhileAsked();
  mine(4);
  wait(48 * hour);
  expect(await outcome()).toBe("PAYMENT_UNSURE");
  payers.coin.send(payer, { to: other, value: 1n });
  mine(1);
  expect(await outcome()).toBe("PAYMENT_UNSURE");
  mine(3);
  expect(await outcome()).toBe("paid");
});

test("what cannot be looked for is in doubt, and can be replaced by the person's word", async () => {
  await closeWhileAsked();
  payers.coin.send(payer, { to: other, value: 1n });
  mine(4);
  say((method, params) => {
    if (isOld(method, params)) throw new SkrumbleError("CHAIN_UNREACHABLE");
    return undefined;
  });
  expect(await outcome()).toBe("PAYMENT_UNSURE");
  await pay(undefined, { replace: true });
  expect(payers.coin.waiting).toHaveLength(1);
}, 30_000);

test("a payment whose block is not final for hours is watched on", async () => {
  let looks = 0;
  say((method) => {
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
  await expect.poll(() => stateOf(message), { timeout: 20_000 }).toMatchObject({ state: "final" });
}, 60_000);

test("nodes that look through few blocks at once are asked for fewer", async () => {
  const token: Address = `0x${"5".repeat(40)}`;
  const spans: number[] = [];
  say((method, [filter]) => {
    if (method !== "eth_getLogs") return undefined;
    const { fromBlock, toBlock } = filter as { fromBlock: Hex; toBlock: Hex };
    const span = Number(toBlock) - Number(fromBlock) + 1;
    if (span > 500) throw new SkrumbleError("CHAIN_UNREACHABLE");
    spans.push(span);
    return [];
  });
  const { signal } = new AbortController();
  const range = { token, from: payer, to: payee, block: 1, head: 3000 };
  for await (const _ of transfersBetween(there(payers.coin), range, signal)) throw new Error("nothing moved");
  expect(Math.max(...spans)).toBeLessThanOrEqual(500);
  expect(spans.reduce((sum, span) => sum + span, 0)).toBe(2 * 3000);
}, 60_000);

test("among more transactions than one look goes through it is found by the next", async () => {
  for (let n = 0; n < 70; n++) payers.coin.send(payer, { to: other, value: BigInt(n) });
  const transaction = payers.coin.send(payer, { to: payee, value: 100n });
  mine(4);
  const record: PaymentInHand = {
    ...{ conversationId: payers.id, id: "d".repeat(32), at: Date.now(), recipient: payee, count: 0 },
    content: {
      ...{
        kind: "payment",
        asset: { chainId: 2, token: zeroAddress },
        amount: "100",
        to: payers.bob.publicId,
        wallet: payer,
      },
      ...{ block: 100, until: 1 },
    },
  };
  expect(await findSent(payers.alice.core, record)).toEqual({ state: "unsure" });
  expect(await findSent(payers.alice.core, record)).toEqual({ state: "found", transaction });
});
