import { type Hex, parseUnits } from "viem";
import { expect, test } from "vitest";
import { connect, eventually, joinPerson, openClient, type Person } from "../../../test/support/network.ts";
import {
  type AssetId,
  type Conversation,
  createLocalWallet,
  type FurtherChain,
  newWalletKey,
  type PaymentBody,
  type RequestBody,
  type TransactionRequest,
  type WalletChain,
  type WalletSigner,
} from "../../src/index.ts";
import { closeAll, idOf, useNetwork } from "../support/network.ts";
import { useSecondChain } from "../support/secondChain.ts";
import { tokensOn } from "../support/tokens.ts";

/** Payments on another chain than the network's own: two real chains, real relays. */

const network = useNetwork();
const home = tokensOn(network);
const second = useSecondChain(network);
const whole = (text: string) => parseUnits(text, 18);

interface Payer extends Person {
  payer: WalletSigner;
}
async function joinPayer(base: string, chains: FurtherChain[] = [second.named()]): Promise<Payer> {
  const payer = createLocalWallet(newWalletKey(), network.chain.rpcUrl);
  const person = await joinPerson(network, base, { chains }, payer);
  return Object.assign(person, { payer });
}
async function pair(coins = whole("10")) {
  const [alice, bob] = await Promise.all([joinPayer("alice"), joinPayer("bob")]);
  await second.giveCoin(alice.payer.address, coins);
  return { alice, bob, ...(await connect(alice, bob)) };
}
const newToken = async ({ payer }: Payer): Promise<AssetId> => ({
  chainId: second.chainId,
  token: await second.deploy("TemperToken", [6], [["mint", [payer.address, 5_000_000n]]]),
});
const bodyOf = async (end: Conversation, id: string) =>
  (await end.messages({ limit: 200 })).find((message) => message.id === id)?.body;
const settled = (end: Conversation, id: string, state: PaymentBody["state"] = "final") =>
  eventually(`the payment to be ${state}`, async () => {
    const body = (await bodyOf(end, id)) as PaymentBody | undefined;
    if (body && body.state !== state && body.state === "failed") throw new Error(`failed: ${body.code}`);
    return body?.state === state ? body : undefined;
  });
const reopened = async (person: Person, id: string) => {
  await person.client.close();
  return (await person.reopen()).conversations.open(id);
};

test("the coin and a token of another chain are paid, final for both, asked for and added up", async () => {
  const { alice, bob, oneEnd, otherEnd } = await pair();
  const token = await newToken(alice);
  expect(await alice.client.money.chains()).toEqual([
    { chainId: network.chain.chainId, name: expect.any(String), home: true },
    { chainId: second.chainId, name: "Second", home: false },
  ]);
  expect(await alice.client.money.asset(token)).toMatchObject({ symbol: "TEMPER", decimals: 6, listed: false });
  const asked: TransactionRequest[] = [];
  const wallet: WalletSigner = {
    ...alice.payer,
    sendTransaction(request) {
      asked.push(request);
      return alice.payer.sendTransaction?.(request) as Promise<Hex>;
    },
  };
  for (const [asset, amount] of [
    [second.coin(), whole("1")],
    [token, 1_250_000n],
  ] as const) {
    const input = { to: idOf(bob), asset, amount };
    const review = await oneEnd.money.review(input);
    expect(review.problem).toBeUndefined();
    expect(review.elsewhere).toMatchObject({ chain: { name: "Second" }, coin: { symbol: "SEC" }, contract: false });
    const message = await oneEnd.money.pay({ ...input, reviewed: review }, wallet);
    for (const end of [oneEnd, otherEnd])
      expect(await settled(end, message.id)).toMatchObject({ asset: { chainId: second.chainId }, amount });
    expect(await second.balanceOf(asset, bob.payer.address)).toBe(amount);
  }
  expect(asked.map(({ chainId, chain }) => [chainId, chain?.id])).toEqual([
    [second.chainId, second.chainId],
    [second.chainId, second.chainId],
  ]);
  expect(await home.balanceOf(home.coin(), bob.payer.address)).toBe(0n);
  expect(await bob.client.money.holdings(second.chainId)).toMatchObject([
    { asset: { symbol: "SEC", listed: true, moves: "transaction" }, balance: whole("1") },
  ]);
  expect((await bob.client.money.holdings()).map(({ asset }) => asset.chainId)).not.toContain(second.chainId);
  expect((await bob.client.money.history()).map(({ message }) => message.body)).toMatchObject([
    { asset: token, state: "final" },
    { asset: second.coin(), state: "final" },
  ]);

  const bill = await otherEnd.money.request({ asset: token, amount: 100n, from: [idOf(alice)] });
  await eventually("the request", () => bodyOf(oneEnd, bill.id));
  const answer = { to: idOf(bob), amount: 100n, request: bill.id };
  // The same address on the network's own chain is another asset.
  await expect(oneEnd.money.review({ ...answer, asset: home.coin() })).rejects.toMatchObject({ code: "INPUT_INVALID" });
  await oneEnd.money.pay({ ...answer, asset: token }, wallet);
  for (const end of [oneEnd, otherEnd])
    await eventually("the share", async () => ((await bodyOf(end, bill.id)) as RequestBody).paid.length === 1);
  await closeAll(alice, bob);
});

test("gas costs the coin of that chain, which has to be there", async () => {
  const { alice, bob, oneEnd, otherEnd } = await pair(0n);
  const token = await newToken(alice);
  const input = { to: idOf(bob), asset: token, amount: 10n };
  await second.ask("anvil_setNextBlockBaseFeePerGas", ["0x3b9aca00"]);
  await eventually("a price", async () => {
    const { problem, elsewhere } = await oneEnd.money.review(input);
    return problem?.code === "GAS_OVER_BALANCE" && (elsewhere?.fee ?? 0n) > 0n;
  });
  await expect(oneEnd.money.pay(input, alice.payer)).rejects.toMatchObject({ code: "GAS_OVER_BALANCE" });
  await second.giveCoin(alice.payer.address, whole("1"));
  // What is left does not pay the fee.
  const all = await oneEnd.money.review({ ...input, asset: second.coin(), amount: whole("1") });
  expect(all.problem).toEqual({ code: "GAS_OVER_BALANCE" });
  const message = await oneEnd.money.pay(input, alice.payer);
  for (const end of [oneEnd, otherEnd]) await settled(end, message.id);
  expect(await second.balanceOf(second.coin(), alice.payer.address)).toBeLessThan(whole("1"));
  await second.ask("anvil_setNextBlockBaseFeePerGas", ["0x0"]);
  await closeAll(alice, bob);
});

test("a wallet on another chain is moved; a refusal is said, and nothing stays in doubt", async () => {
  const { alice, bob, oneEnd, otherEnd } = await pair();
  let at = network.chain.chainId;
  const asked: WalletChain[] = [];
  const wallet = (move: (chain: WalletChain) => Promise<void>): WalletSigner => ({
    ...alice.payer,
    chainId: async () => at,
    async switchChain(chain) {
      asked.push(chain);
      await move(chain);
    },
  });
  const input = { to: idOf(bob), asset: second.coin(), amount: whole("1") };
  const refuses = wallet(() => Promise.reject({ code: 4001 }));
  await expect(oneEnd.money.pay(input, refuses)).rejects.toMatchObject({ code: "WALLET_REFUSED" });
  const stays = wallet(async () => undefined);
  await expect(oneEnd.money.pay(input, stays)).rejects.toMatchObject({ code: "WALLET_WRONG_CHAIN" });
  const unable: WalletSigner = { ...alice.payer, chainId: async () => at };
  await expect(oneEnd.money.pay(input, unable)).rejects.toMatchObject({ code: "WALLET_WRONG_CHAIN" });
  // It was moved back after it had agreed to be there.
  const moved: WalletSigner = {
    ...alice.payer,
    sendTransaction: async ({ chain: _, ...request }) => alice.payer.sendTransaction?.(request) as Promise<Hex>,
  };
  await expect(oneEnd.money.pay(input, moved)).rejects.toMatchObject({ code: "WALLET_WRONG_CHAIN" });
  const message = await oneEnd.money.pay(
    input,
    wallet(async ({ id }) => {
      at = id;
    }),
  );
  for (const end of [oneEnd, otherEnd]) await settled(end, message.id);
  expect(asked.at(-1)).toEqual({
    ...{ id: second.chainId, name: "Second", coin: { name: "Second coin", symbol: "SEC", decimals: 18 } },
    rpcUrls: second.named().rpc.map(({ url }) => url),
  });
  expect(await second.balanceOf(second.coin(), bob.payer.address)).toBe(whole("1"));
  await closeAll(alice, bob);
});

test("nodes that are down, or of another chain, are passed over; without any the network's own chain still pays", async () => {
  const { named, coin } = second;
  const rpc = [
    { url: "http://127.0.0.1:9/", operator: "down" },
    { url: network.chain.rpcUrl, operator: "another chain" },
    ...named().rpc,
  ];
  const [alice, bob] = await Promise.all([joinPayer("alice", [named({ rpc })]), joinPayer("bob")]);
  const { oneEnd, otherEnd } = await connect(alice, bob);
  await Promise.all([
    second.giveCoin(alice.payer.address, whole("10")),
    home.giveCoin(alice.payer.address, whole("10")),
  ]);
  const input = { to: idOf(bob), asset: coin(), amount: whole("1") };
  const message = await oneEnd.money.pay(input, alice.payer);
  await settled(oneEnd, message.id);

  const next = await oneEnd.money.pay(input, alice.payer);
  await second.chain().halt();
  await expect(oneEnd.money.review(input)).rejects.toMatchObject({ code: "CHAIN_UNREACHABLE" });
  await expect(alice.client.money.holdings(second.chainId)).rejects.toMatchObject({ code: "CHAIN_UNREACHABLE" });
  expect(await alice.client.money.holdings()).toHaveLength(2);
  const atHome = await oneEnd.money.pay({ ...input, asset: home.coin() }, alice.payer);
  for (const end of [oneEnd, otherEnd]) await settled(end, atHome.id);
  const end = await reopened(alice, oneEnd.id);
  await second.chain().resume();
  const sent = (await bodyOf(end, next.id)) as PaymentBody;
  // The node forgets what waited, or had it in a block: either is told as it is.
  if ((await second.ask("eth_getTransactionReceipt", [sent.transaction])) !== null)
    for (const one of [end, otherEnd]) await settled(one, next.id);
  else expect(sent.state).not.toBe("final");
  await closeAll(alice, bob);
});

test("a chain that the receiver has not set up is shown as told, and checked once it is", async () => {
  const [alice, bob] = await Promise.all([joinPayer("alice"), joinPayer("bob", [])]);
  const { oneEnd, otherEnd } = await connect(alice, bob);
  await second.giveCoin(alice.payer.address, whole("10"));
  const message = await oneEnd.money.pay({ to: idOf(bob), asset: second.coin(), amount: whole("1") }, alice.payer);
  await settled(oneEnd, message.id);
  const seen = await eventually("the message", () => bodyOf(otherEnd, message.id));
  expect(seen).toMatchObject({ asset: second.coin(), amount: whole("1"), state: "sent" });
  expect((await bob.client.money.chains()).map(({ home: own }) => own)).toEqual([true]);
  for (const ask of [
    () => bob.client.money.asset(second.coin()),
    () => bob.client.money.holdings(second.chainId),
    () => otherEnd.money.request({ asset: second.coin(), amount: 1n, from: [idOf(alice)] }),
    () => otherEnd.money.review({ to: idOf(alice), asset: second.coin(), amount: 1n }),
  ])
    await expect(ask()).rejects.toMatchObject({ code: "CHAIN_UNKNOWN" });
  await bob.client.close();
  bob.client = await openClient(network, { store: bob.store, chains: [second.named({ finality: "instant" })] });
  await settled(bob.client.conversations.open(otherEnd.id), message.id);
  await closeAll(alice, bob);
});

test("what was paid on one chain does not count on another, nor as a red packet", async () => {
  const { alice, bob, oneEnd, otherEnd } = await pair();
  await home.giveCoin(alice.payer.address, whole("10"));
  const sent: Hex[] = [];
  const honest: WalletSigner = {
    ...alice.payer,
    async sendTransaction(request) {
      sent.push((await alice.payer.sendTransaction?.(request)) as Hex);
      return sent.at(-1) as Hex;
    },
  };
  const input = { to: idOf(bob), asset: home.coin(), amount: whole("1") };
  const paid = await oneEnd.money.pay(input, honest);
  await settled(otherEnd, paid.id);
  const replay: WalletSigner = { ...alice.payer, sendTransaction: async () => sent[0] as Hex };
  const claimed = await oneEnd.money.pay({ ...input, asset: second.coin() }, replay);
  await eventually("the claim", () => bodyOf(otherEnd, claimed.id));
  await second.ask("evm_increaseTime", [7200]);
  // Where gas is bid for, what nodes do not know may still come: it is in doubt, and never counts.
  for (const end of [oneEnd, otherEnd]) await settled(end, claimed.id, "unsure");
  expect(await second.balanceOf(second.coin(), bob.payer.address)).toBe(0n);
  const packet = { amount: 2n, shares: 1, lucky: false, expiresAt: Date.now() + 3_600_000 };
  await expect(oneEnd.packets.create({ ...packet, asset: second.coin() }, alice.payer)).rejects.toMatchObject({
    code: "PACKET_ASSET_UNSUPPORTED",
  });
  await closeAll(alice, bob);
});

test("a contract wallet that is not on the other chain is not paid there; one that is comes with a warning", async () => {
  const { alice, bob, oneEnd } = await pair();
  const input = { to: idOf(bob), asset: second.coin(), amount: whole("1") };
  const setCode = (on: typeof home, code: Hex) => on.ask("anvil_setCode", [bob.payer.address, code]);
  await setCode(home, "0x00");
  expect(await oneEnd.money.review(input)).toMatchObject({
    problem: { code: "RECIPIENT_NOT_ON_CHAIN" },
    elsewhere: { contract: true },
  });
  await expect(oneEnd.money.pay(input, alice.payer)).rejects.toMatchObject({ code: "RECIPIENT_NOT_ON_CHAIN" });
  await second.ask("anvil_setCode", [bob.payer.address, "0x00"]);
  const both = await oneEnd.money.review(input);
  expect([both.problem, both.elsewhere?.contract]).toEqual([undefined, true]);
  // EIP-7702: an account with a key, whatever its code.
  await setCode(home, `0xef0100${"11".repeat(20)}`);
  await second.ask("anvil_setCode", [bob.payer.address, "0x"]);
  const keyed = await oneEnd.money.review(input);
  expect([keyed.problem, keyed.elsewhere?.contract]).toEqual([undefined, false]);
  await closeAll(alice, bob);
});

test("a page that is closed before the wallet said what it sent there finds it, and does not pay twice", async () => {
  const { alice, bob, oneEnd, otherEnd } = await pair();
  for (const asset of [second.coin(), await newToken(alice)]) {
    const end = await reopened(alice, oneEnd.id);
    let closed: Promise<void> | undefined;
    const input = { to: idOf(bob), asset, amount: 1_000_000n };
    const lost: WalletSigner = {
      ...alice.payer,
      async sendTransaction(request) {
        await second.ask("evm_setIntervalMining", [0]);
        await alice.payer.sendTransaction?.(request);
        closed = alice.client.close();
        return new Promise<Hex>(() => undefined);
      },
    };
    await expect(end.money.pay(input, lost)).rejects.toMatchObject({ code: "ABORTED" });
    await closed;
    const again = (await alice.reopen()).conversations.open(oneEnd.id);
    await expect(again.money.pay(input, alice.payer)).rejects.toMatchObject({ code: "PAYMENT_UNSURE" });
    await second.ask("evm_setIntervalMining", [1]);
    const found = await eventually("what was sent", async () =>
      (await again.messages({ limit: 200 })).find(
        ({ body }) => body.type === "payment" && body.asset.token === asset.token.toLowerCase(),
      ),
    );
    for (const one of [again, otherEnd]) await settled(one, found.id);
    expect(await second.balanceOf(asset, bob.payer.address)).toBe(1_000_000n);
  }
  await closeAll(alice, bob);
});
