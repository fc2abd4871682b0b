import { type Hex, numberToHex } from "viem";
import { expect, test } from "vitest";
import { assignNonce } from "../../src/money/assignNonce.ts";
import { allInHand, keepInHand, letGo, type PaymentInHand } from "../../src/money/inHand.ts";
import type { WalletSigner } from "../../src/types/client.ts";
import { coinWallet } from "../support/coinChain.ts";
import { createPayers, hour, other, payee, payer } from "../support/payers.ts";

/** Of several earlier ones for the same that are in doubt only one is paid, in whichever order they are found. */

const payers = createPayers();
const { closeWhileAsked, pay, sends } = payers;

type Send = NonNullable<WalletSigner["sendTransaction"]>;

/** As the SDK's own does: it tells hash and number before anything is sent. */
const telling: Send = async (request) => {
  const hash = await sends(request);
  const nonce = payers.coin.waiting.find((one) => one.hash === hash)?.nonce as number;
  await request.onSigned?.({ hash, nonce });
  return hash;
};
const replacing = (sendTransaction?: Send) =>
  pay(sendTransaction && { ...coinWallet(payers.coin, payer), sendTransaction }, { replace: true }).then(
    () => "paid",
    ({ code }) => code,
  );

/** The first one in doubt has lost its number to another program; it is found before all others, or after them. */
async function loseFirst(id: string): Promise<void> {
  await closeWhileAsked(telling);
  const { core } = payers.alice;
  const [first] = await allInHand(core);
  await letGo(core, first as PaymentInHand);
  await keepInHand(core, { ...(first as PaymentInHand), id: id.repeat(32) });
  payers.coin.send(payer, { to: other, value: 1n, nonce: 0 });
  payers.coin.mine();
}

for (const id of ["0", "f"])
  test(`three in a row are paid once, the first being number ${id}`, async () => {
    await loseFirst(id);
    const asked = Promise.withResolvers<void>();
    const second = replacing(async (request) => {
      await telling(request);
      asked.resolve();
      return new Promise<Hex>(() => undefined);
    });
    await asked.promise;
    // Its prompt is still open.
    expect(await replacing()).toBe("paid");
    expect(payers.coin.waiting.map(({ nonce }) => nonce)).toEqual([1]);
    payers.coin.mine();
    expect(payers.coin.paid(payee)).toBe(100n);
    expect(await second).toBe("ABORTED");
  });

const signedWith = (number: number, over: Partial<PaymentInHand> = {}): PaymentInHand => ({
  ...{ conversationId: payers.id, id: numberToHex(number, { size: 16 }).slice(2), at: number + 1, recipient: payee },
  content: {
    ...{ kind: "payment", asset: { chainId: 1, token: `0x${"0".repeat(40)}` }, amount: "100", to: payers.bob.publicId },
    ...{ wallet: payer, block: 100, until: Math.floor(Date.now() / 1000) + 3600 },
  },
  ...{ count: 0, next: number, accountNonce: number, signed: numberToHex(number, { size: 32 }) },
  ...over,
});
const assign = (open: readonly PaymentInHand[], doubted?: Parameters<typeof assignNonce>[2]["doubted"]) => {
  const record = { ...signedWith(9), id: "d".repeat(32) };
  return assignNonce(payers.alice.core, record, { open, doubted });
};

test("where several can still be made and no one number replaces them, nothing is paid", async () => {
  const first = signedWith(0);
  const { accountNonce: _, signed: __, ...unheard } = signedWith(1);
  const elsewhere = { ...signedWith(0, { id: "e".repeat(32) }), content: { ...first.content, wallet: other } };
  for (const second of [signedWith(1), unheard, elsewhere])
    for (const open of [
      [first, second],
      [second, first],
    ])
      await expect(assign(open)).rejects.toMatchObject({ code: "PAYMENT_UNSURE" });
  const doubted = { accountNonce: 2, transaction: numberToHex(7, { size: 32 }), wallet: payer };
  await expect(assign([first], doubted)).rejects.toMatchObject({ code: "PAYMENT_UNSURE" });
  // Of what was never heard of after its time the person decides.
  payers.wait(2 * hour);
  expect(await assign([unheard, first])).toMatchObject({ accountNonce: 0, instead: first.signed });
});

test("one number replaces all that have it", async () => {
  const [first, second] = [signedWith(0), signedWith(0, { id: "e".repeat(32), at: 7 })];
  for (const one of [first, second]) await keepInHand(payers.alice.core, one);
  expect(await assign([first, second])).toMatchObject({ accountNonce: 0, record: { id: second.id } });
  await letGo(payers.alice.core, second);
  const doubted = { accountNonce: 0, transaction: numberToHex(7, { size: 32 }), wallet: payer };
  expect(await assign([first], doubted)).toMatchObject({ accountNonce: 0, record: { id: first.id } });
});
