import { describe, expect, test } from "vitest";
import { RpcError } from "../../src/chain/rpc.ts";
import { SkrumbleError } from "../../src/errors/index.ts";
import { allInHand } from "../../src/money/inHand.ts";
import type { WalletSigner } from "../../src/types/client.ts";
import type { Hex } from "../../src/types/primitives.ts";
import { coinWallet } from "../support/coinChain.ts";
import { createPayers, everyone, hour, isOld, other, payee, payer } from "../support/payers.ts";

/** Somebody's wallet changes while a payment to them is in doubt: what goes to the old one and to the new one is the same payment. */

const payers = createPayers();
const { closeWhileAsked, outcome, pay, sends } = payers;

type Send = NonNullable<WalletSigner["sendTransaction"]>;

/** As the SDK's own does: it tells hash and number before anything is sent. */
const telling: Send = async (request) => {
  const hash = await sends(request);
  const nonce = payers.coin.waiting.find((one) => one.hash === hash)?.nonce as number;
  await request.onSigned?.({ hash, nonce });
  return hash;
};
const moveBob = () => Object.assign(payers.registry.entries.get(payers.bob.publicId) as object, { owner: other });
const by = (sendTransaction: Send): WalletSigner => ({ ...coinWallet(payers.coin, payer), sendTransaction });
const refuses = by(() => Promise.reject(Object.assign(new Error("no"), { code: 4001 })));
const replacing = (wallet?: WalletSigner) =>
  pay(wallet, { replace: true }).then(
    () => "paid",
    ({ code }) => code,
  );

test("after a refusal what may still be made is the first one: mined to the old wallet it is found, and nothing is paid again", async () => {
  for (const send of [telling, sends]) {
    Object.assign(payers.registry.entries.get(payers.bob.publicId) as object, { owner: payee });
    await closeWhileAsked(send);
    moveBob();
    expect(await replacing(refuses)).toBe("WALLET_REFUSED");
    expect(await allInHand(payers.alice.core)).toMatchObject([{ recipient: payee }]);
    payers.coin.mine();
    expect(await replacing()).toBe("PAYMENT_MADE");
    expect(payers.coin.waiting).toEqual([]);
  }
  expect([payers.coin.paid(payee), payers.coin.paid(other)]).toEqual([200n, 0n]);
});

test("one whose replacement was closed with the prompt is found, whichever of the two was mined", async () => {
  for (const [first, second, paid] of [
    [telling, undefined, [100n, 0n]],
    [sends, undefined, [200n, 0n]],
    [telling, sends, [200n, 100n]],
  ] as const) {
    Object.assign(payers.registry.entries.get(payers.bob.publicId) as object, { owner: payee });
    await closeWhileAsked(first);
    moveBob();
    const asked = Promise.withResolvers<void>();
    const never = by(async (request) => {
      await second?.(request);
      asked.resolve();
      return new Promise<Hex>(() => undefined);
    });
    const paying = replacing(never);
    await asked.promise;
    await payers.restart();
    expect(await paying).toBe("ABORTED");
    payers.coin.mine();
    expect(await outcome()).toBe("PAYMENT_MADE");
    expect([payers.coin.paid(payee), payers.coin.paid(other)]).toEqual(paid);
  }
});

test("what is mined between two looks is not paid again", async () => {
  await closeWhileAsked(telling);
  let counted = 0;
  payers.coin.lies = everyone((method, [, at]) => {
    // The look is over, and the counts are read.
    if (method === "eth_getTransactionCount" && at === "pending" && counted++ === 0) payers.coin.mine();
    return undefined;
  });
  expect(await replacing()).toBe("PAYMENT_MADE");
  expect(payers.coin.waiting).toEqual([]);
  expect(payers.coin.paid(payee)).toBe(100n);
});

test("where its number is mined and nobody can say by what, it is not paid again before its time is over", async () => {
  await closeWhileAsked(telling);
  payers.coin.send(payer, { to: other, value: 1n, nonce: 0 });
  payers.coin.mine();
  payers.coin.lies = everyone((method, params) => {
    if (isOld(method, params)) throw new RpcError(-32000, "missing trie node", undefined);
    return undefined;
  });
  expect(await replacing()).toBe("PAYMENT_UNSURE");
  payers.wait(hour + 700_000);
  expect(await outcome()).toBe("PAYMENT_UNSURE");
  expect(await replacing()).toBe("paid");
});

test("where something else has its number it is paid anew", async () => {
  await closeWhileAsked(telling);
  payers.coin.send(payer, { to: other, value: 1n, nonce: 0 });
  payers.coin.mine();
  expect(await replacing()).toBe("paid");
  payers.coin.mine();
  expect(payers.coin.paid(payee)).toBe(100n);
});

test("one that failed on chain is over once its time is", async () => {
  await closeWhileAsked(telling);
  payers.coin.mine();
  const receipt = (hash: unknown) => ({ transactionHash: hash, status: "0x0", blockNumber: "0x65", logs: [] });
  payers.coin.lies = everyone((method, [hash]) => (method === "eth_getTransactionReceipt" ? receipt(hash) : undefined));
  // The coin is found among what was mined, whether that failed or not.
  Object.assign([...payers.coin.blocks.values()].flat()[0] as object, { value: 0n });
  payers.wait(hour + 700_000);
  expect(await outcome()).toBe("paid");
});

test("what waits behind a missing number is counted nowhere, and not taken for gone", async () => {
  await closeWhileAsked(telling);
  payers.coin.lies = everyone((method, [, at]) =>
    method === "eth_getTransactionCount" && at === "pending" ? "0x0" : undefined,
  );
  payers.wait(hour + 700_000);
  expect(await outcome()).toBe("PAYMENT_UNSURE");
  payers.coin.waiting = [];
  expect(await outcome()).toBe("paid");
});

describe("what the wallet has signed, behind a missing number, and its time is over", () => {
  const uncounted = (method: string, [, at]: unknown[]) =>
    method === "eth_getTransactionCount" && at === "pending" ? "0x0" : undefined;
  const isAsked = (method: string) => method === "eth_getTransactionByHash";

  test("is found where it is mined while nodes are asked for it", async () => {
    await closeWhileAsked(telling);
    payers.wait(hour + 700_000);
    payers.coin.lies = everyone((method, params) => {
      if (isAsked(method) && payers.coin.waiting.length > 0) payers.coin.mine();
      return uncounted(method, params);
    });
    expect(await outcome()).toBe("PAYMENT_MADE");
    expect(payers.coin.waiting).toEqual([]);
  });

  test("is in doubt as long as one node has it, for a day; later it takes two", async () => {
    await closeWhileAsked(telling);
    payers.wait(hour + 700_000);
    const lacks: (typeof payers.coin.lies)[string] = (method, params) =>
      isAsked(method) ? null : uncounted(method, params);
    payers.coin.lies = { one: lacks, two: lacks, three: uncounted };
    expect(await outcome()).toBe("PAYMENT_UNSURE");
    payers.wait(25 * hour);
    payers.coin.lies = { one: lacks, two: uncounted, three: uncounted };
    expect(await outcome()).toBe("PAYMENT_UNSURE");
    payers.coin.lies = { one: lacks, two: lacks, three: uncounted };
    expect(await outcome()).toBe("paid");
  });

  test("is in doubt where nodes do not say whether they have it", async () => {
    await closeWhileAsked(telling);
    payers.wait(hour + 700_000);
    const silent: (typeof payers.coin.lies)[string] = (method, params) => {
      if (isAsked(method)) throw new SkrumbleError("CHAIN_UNREACHABLE");
      return uncounted(method, params);
    };
    payers.coin.waiting = [];
    payers.coin.lies = { one: silent, two: silent, three: uncounted };
    expect(await outcome()).toBe("PAYMENT_UNSURE");
    payers.coin.lies = { one: silent, two: uncounted, three: uncounted };
    expect(await outcome()).toBe("paid");
  });
});
