import { type Hex, parseUnits } from "viem";
import { expect, test } from "vitest";
import { connect, eventually, joinPerson, type Person } from "../../../test/support/network.ts";
import {
  type Address,
  type Asset,
  type AssetId,
  type Conversation,
  createLocalWallet,
  type Message,
  newWalletKey,
  type PaymentBody,
  type RequestBody,
  SkrumbleError,
  type TypedDataRequest,
  type WalletSigner,
} from "../../src/index.ts";
import { closeAll, idOf, useNetwork } from "../support/network.ts";
import { tokensOn } from "../support/tokens.ts";

/** Payments over the real chain and relays, as people make them. */

const network = useNetwork();

const { mined, ask, skm, coin, deploy, giveToken, giveCoin, balanceOf } = tokensOn(network);
const whole = (text: string) => parseUnits(text, 18);
const deployToken = (decimals: number, to: Address, value: bigint) =>
  deploy("TemperToken", [decimals], [["mint", [to, value]]]);

/** A wallet that may also send. */
interface Payer extends Person {
  payer: WalletSigner;
}
async function joinPayer(base: string, money: { skm?: bigint; coin?: bigint } = {}): Promise<Payer> {
  const key = newWalletKey();
  const payer = createLocalWallet(key, network.chain.rpcUrl);
  const person = await joinPerson(network, base, {}, payer);
  if (money.skm) await giveToken(skm().token, payer.address, money.skm);
  if (money.coin) await giveCoin(payer.address, money.coin);
  return Object.assign(person, { payer });
}

async function pair(money: { skm?: bigint; coin?: bigint }) {
  const [alice, bob] = await Promise.all([joinPayer("alice", money), joinPayer("bob")]);
  return { alice, bob, ...(await connect(alice, bob)) };
}

const bodyOf = async (end: Conversation, id: string) =>
  (await end.messages({ limit: 200 })).find((message) => message.id === id)?.body;
const paymentIn = async (end: Conversation, id: string) => (await bodyOf(end, id)) as PaymentBody | undefined;
const settled = (end: Conversation, id: string, state: PaymentBody["state"] = "final") =>
  eventually(`the payment to be ${state}`, async () => {
    const body = await paymentIn(end, id);
    if (body && body.state !== state && body.state === "failed") throw new Error(`failed: ${body.code}`);
    return body?.state === state ? body : undefined;
  });
const reopened = async (person: Person, id: string) => {
  await person.client.close();
  return (await person.reopen()).conversations.open(id);
};

test("SKM moves with one signature and is final for both, with the note; the history has it", async () => {
  const { alice, bob, oneEnd, otherEnd } = await pair({ skm: whole("10") });
  const input = { to: idOf(bob), asset: skm(), amount: whole("2.5"), note: "for lunch" };
  const review = await oneEnd.money.review(input);
  expect(review).toMatchObject({
    balance: whole("10"),
    first: true,
    changed: false,
    asset: { symbol: "SKM", listed: true },
  });
  expect(review.recipient).toBe(bob.payer.address.toLowerCase());
  expect(review.problem).toBeUndefined();
  const asked: TypedDataRequest[] = [];
  // It cannot send, and need not.
  const { address } = alice.payer;
  const message = await oneEnd.money.pay(input, {
    address,
    signTypedData: (request) => {
      asked.push(request);
      return alice.payer.signTypedData(request);
    },
  });
  expect(asked.map(({ primaryType }) => primaryType)).toEqual(["TransferWithAuthorization"]);
  expect(message.body).toMatchObject({ type: "payment", state: "signed", amount: whole("2.5") });
  const [ours, theirs] = [await settled(oneEnd, message.id), await settled(otherEnd, message.id)];
  expect(ours).toEqual({ ...theirs });
  expect(theirs).toMatchObject({ to: idOf(bob), note: "for lunch" });
  expect(await balanceOf(skm(), bob.payer.address)).toBe(whole("2.5"));
  for (const person of [alice, bob]) {
    const [line, ...more] = await person.client.money.history();
    expect(line?.message).toMatchObject({ id: message.id, body: { state: "final" } });
    expect(more).toEqual([]);
  }
  expect(await oneEnd.money.review(input)).toMatchObject({ first: false, changed: false });
  const found = await bob.client.search("lunch");
  expect(found.map((hit) => hit.message.id)).toEqual([message.id]);
  await expect(oneEnd.forward(message.id, oneEnd.id)).rejects.toMatchObject({ code: "MESSAGE_UNKNOWN" });
  await expect(oneEnd.edit(message.id, "more")).rejects.toMatchObject({ code: "MESSAGE_UNKNOWN" });
  await expect(oneEnd.deleteForEveryone(message.id)).rejects.toMatchObject({ code: "MESSAGE_UNKNOWN" });
  const reply = await otherEnd.sendText("thank you", { replyTo: message.id });
  expect(reply.replyTo).toMatchObject({ preview: "for lunch", type: "payment" });
  await closeAll(alice, bob);
});

test("the coin, and a token that nobody lists, move by a transaction of the wallet", async () => {
  const { alice, bob, oneEnd, otherEnd } = await pair({ coin: whole("3") });
  const token: AssetId = { ...skm(), token: await deployToken(6, alice.payer.address, 5_000_000n) };
  const asset: Asset = await alice.client.money.asset(token);
  expect(asset).toMatchObject({ symbol: "TEMPER", name: "Temper", decimals: 6, listed: false, moves: "transaction" });
  const { signTypedData, address } = alice.payer;
  for (const [which, amount] of [
    [coin(), whole("1")],
    [token, 1_250_000n],
  ] as const) {
    const input = { to: idOf(bob), asset: which, amount };
    const onlySigns = { address, signTypedData };
    await expect(oneEnd.money.pay(input, onlySigns)).rejects.toMatchObject({ code: "WALLET_CANNOT_SEND" });
    const message = await oneEnd.money.pay(input, alice.payer);
    for (const end of [oneEnd, otherEnd]) await settled(end, message.id);
    expect(await balanceOf(which, bob.payer.address)).toBe(amount);
  }
  const holdings = await alice.client.money.holdings();
  expect(holdings.map(({ asset: { symbol }, balance }) => [symbol, balance])).toEqual([
    ["SKM", 0n],
    ["COIN", whole("2")],
  ]);
  await closeAll(alice, bob);
});

test("what cannot be paid is said before anybody is asked", async () => {
  const { alice, bob, oneEnd } = await pair({ skm: whole("1"), coin: whole("1") });
  const never: WalletSigner = {
    address: alice.payer.address,
    signTypedData: () => Promise.reject(new Error("asked")),
    sendTransaction: () => Promise.reject(new Error("asked")),
  };
  const input = { to: idOf(bob), asset: skm(), amount: whole("1.000000000000000001") };
  expect((await oneEnd.money.review(input)).problem).toEqual({ code: "AMOUNT_OVER_BALANCE" });
  const refused = async (change: Partial<typeof input>, code: string, wallet = never) => {
    await expect(oneEnd.money.pay({ ...input, amount: 1n, ...change }, wallet)).rejects.toMatchObject({ code });
  };
  await refused({ amount: input.amount }, "AMOUNT_OVER_BALANCE");
  await refused({ amount: 0n }, "AMOUNT_INVALID");
  await refused({ amount: 2n ** 256n }, "AMOUNT_INVALID");
  await refused({ to: idOf(alice) }, "NOT_A_MEMBER");
  await refused({ asset: { ...skm(), token: bob.payer.address } }, "ASSET_UNKNOWN");
  await refused({ asset: { ...skm(), chainId: 1 } }, "CHAIN_UNKNOWN");
  await refused({}, "WALLET_WRONG_ACCOUNT", bob.payer);
  await refused({}, "WALLET_WRONG_CHAIN", { ...never, chainId: async () => 1 });
  const no = Object.assign(new Error("no"), { code: 4001 });
  await refused({}, "WALLET_REFUSED", { ...never, signTypedData: () => Promise.reject(no) });
  await refused({ asset: coin() }, "WALLET_REFUSED", { ...never, sendTransaction: () => Promise.reject(no) });
  const other = { ...never, signTypedData: bob.payer.signTypedData };
  await refused({}, "WALLET_CHANGED_ACCOUNT", other);
  const again = await reopened(alice, oneEnd.id);
  expect((await again.messages()).filter(({ body }) => body.type === "payment")).toEqual([]);
  await closeAll(alice, bob);
});

test("three split a bill: who paid enough is seen by all, and a request can be taken back", async () => {
  const people = await Promise.all([
    joinPayer("ann", {}),
    joinPayer("ben", { skm: whole("10") }),
    joinPayer("cy", { skm: whole("10") }),
  ]);
  const [ann, ben, cy] = people as [Payer, Payer, Payer];
  for (const one of [ben, cy]) await connect(ann, one);
  const group = await ann.client.groups.create({ name: "dinner", people: [idOf(ben), idOf(cy)] });
  const ends = await Promise.all(
    [ben, cy].map(({ client }) =>
      eventually("the group", async () => {
        const found = (await client.conversations.list()).find(({ kind }) => kind === "group");
        return found && client.conversations.open(found.id);
      }),
    ),
  );
  const [bensEnd, cysEnd] = ends as [Conversation, Conversation];
  const all = [group, bensEnd, cysEnd];
  const share = whole("3");
  const bill = await group.money.request({ asset: skm(), amount: share, from: [idOf(ben), idOf(cy)], note: "dinner" });
  for (const end of all) await eventually("the request", () => bodyOf(end, bill.id));
  const paidBy = (...who: Payer[]) =>
    Promise.all(
      all.map((end) =>
        eventually("the shares", async () => {
          const { paid } = (await bodyOf(end, bill.id)) as RequestBody;
          return paid.toSorted().join() === who.map(idOf).toSorted().join();
        }),
      ),
    );
  const input = { to: idOf(ann), asset: skm(), amount: share, request: bill.id };
  const first = await bensEnd.money.pay({ ...input, amount: share - 1n }, ben.payer);
  for (const end of all) await settled(end, first.id);
  await paidBy();
  await bensEnd.money.pay({ ...input, amount: 1n }, ben.payer);
  await paidBy(ben);
  await cysEnd.money.pay(input, cy.payer);
  await paidBy(ben, cy);
  expect(await balanceOf(skm(), ann.payer.address)).toBe(2n * share);
  // Whom they pay is one of them, and whoever asked.
  await expect(bensEnd.money.pay({ ...input, to: idOf(cy) }, ben.payer)).rejects.toMatchObject({
    code: "INPUT_INVALID",
  });
  await expect(bensEnd.money.withdraw(bill.id)).rejects.toMatchObject({ code: "MESSAGE_NOT_YOURS" });
  await group.money.withdraw(bill.id);
  await eventually(
    "the withdrawal",
    async () => ((await bodyOf(bensEnd, bill.id)) as RequestBody).state === "withdrawn",
  );
  await expect(bensEnd.money.pay(input, ben.payer)).rejects.toMatchObject({ code: "REQUEST_WITHDRAWN" });
  await closeAll(ann, ben, cy);
});

test("a page that is closed after signing pays when it is open again, once", async () => {
  const { alice, bob, oneEnd, otherEnd } = await pair({ skm: whole("10"), coin: whole("10") });
  // Closed while the wallet signs: nobody has the signature, nothing is paid.
  let closed: Promise<void> | undefined;
  const closing: WalletSigner = {
    ...alice.payer,
    signTypedData: async (request) => {
      closed = alice.client.close();
      return alice.payer.signTypedData(request);
    },
  };
  const input = { to: idOf(bob), asset: skm(), amount: whole("1") };
  await expect(oneEnd.money.pay(input, closing)).rejects.toBeInstanceOf(SkrumbleError);
  await closed;
  let end = await reopened(alice, oneEnd.id);
  // Closed as soon as it is signed and told.
  const message = await end.money.pay(input, alice.payer);
  end = await reopened(alice, oneEnd.id);
  await settled(end, message.id);
  await settled(otherEnd, message.id);
  expect(await balanceOf(skm(), bob.payer.address)).toBe(whole("1"));

  // Closed before the wallet has said what it sent: found again, and nobody is asked a second time.
  for (const asset of [coin(), { ...skm(), token: await deployToken(18, alice.payer.address, whole("5")) }]) {
    const before = (await end.messages({ limit: 200 })).map(({ id }) => id);
    const lost: WalletSigner = {
      ...alice.payer,
      async sendTransaction(request) {
        await mined((await alice.payer.sendTransaction?.(request)) as Hex);
        closed = alice.client.close();
        return new Promise<Hex>(() => undefined);
      },
    };
    await expect(end.money.pay({ ...input, asset }, lost)).rejects.toMatchObject({ code: "ABORTED" });
    await closed;
    end = await reopened(alice, oneEnd.id);
    const found = await eventually("what was sent", async () =>
      (await end.messages({ limit: 200 })).find(({ id, body }) => !before.includes(id) && body.type === "payment"),
    );
    for (const one of [end, otherEnd]) await settled(one, found.id);
    expect(await balanceOf(asset, bob.payer.address)).toBe(whole("1"));
  }
  await closeAll(alice, bob);
});

test("a chain that stands still between signing and sending is waited for", async () => {
  const { alice, bob, oneEnd, otherEnd } = await pair({ skm: whole("10") });
  const halting: WalletSigner = {
    ...alice.payer,
    async signTypedData(request) {
      const signature = await alice.payer.signTypedData(request);
      await network.chain.halt();
      return signature;
    },
  };
  const message = await oneEnd.money.pay({ to: idOf(bob), asset: skm(), amount: whole("1") }, halting);
  expect(message.body).toMatchObject({ state: "signed" });
  await eventually("what keeps it", async () => (await paymentIn(oneEnd, message.id))?.code !== undefined);
  await expect(oneEnd.money.review({ to: idOf(bob), asset: skm(), amount: 1n })).rejects.toMatchObject({
    code: "CHAIN_UNREACHABLE",
  });
  await alice.client.close();
  const reopening = alice.reopen();
  await network.chain.resume();
  const end = (await reopening).conversations.open(oneEnd.id);
  for (const one of [end, otherEnd]) await settled(one, message.id);
  expect(await balanceOf(skm(), bob.payer.address)).toBe(whole("1"));
  await closeAll(alice, bob);
});

test("a message that lies is never final, and one payment counts for one message", async () => {
  const { alice, bob, oneEnd, otherEnd } = await pair({ coin: whole("10") });
  const asset = coin();
  const lies: WalletSigner = {
    ...alice.payer,
    // Half of what was to be paid.
    sendTransaction: async (request) =>
      mined((await alice.payer.sendTransaction?.({ ...request, value: request.value / 2n })) as Hex).then(
        ({ transactionHash }) => transactionHash,
      ),
  };
  const input = { to: idOf(bob), asset, amount: whole("2") };
  const lie = await oneEnd.money.pay(input, lies);
  for (const end of [oneEnd, otherEnd])
    expect(await settled(end, lie.id, "differs")).toMatchObject({
      moved: { amount: whole("1"), wallet: bob.payer.address.toLowerCase(), elsewhere: false },
    });

  const sent: Hex[] = [];
  const honest: WalletSigner = {
    ...alice.payer,
    async sendTransaction(request) {
      sent.push((await alice.payer.sendTransaction?.(request)) as Hex);
      return sent.at(-1) as Hex;
    },
  };
  const paid = await oneEnd.money.pay(input, honest);
  for (const end of [oneEnd, otherEnd]) await settled(end, paid.id);
  const replay: WalletSigner = { ...alice.payer, sendTransaction: async () => sent[0] as Hex };
  const again: Message = await oneEnd.money.pay(input, replay);
  for (const end of [oneEnd, otherEnd]) await settled(end, again.id, "failed");
  // Somebody else's, said to be one's own.
  await giveCoin(bob.payer.address, whole("10"));
  const stolen = await otherEnd.money.pay(
    { to: idOf(alice), asset, amount: 1n },
    { ...bob.payer, sendTransaction: async () => sent[0] as Hex },
  );
  for (const end of [oneEnd, otherEnd]) await settled(end, stolen.id, "failed");
  await closeAll(alice, bob);
});

test("what moved otherwise than told is told as what it was: a token that keeps a fee, another recipient", async () => {
  const { alice, bob, oneEnd, otherEnd } = await pair({ coin: whole("10") });
  const fee = await deploy(
    "FeeToken",
    [],
    [
      ["mint", [alice.payer.address, 1000n]],
      ["setTakesFee", [true]],
    ],
  );
  const asset = { ...skm(), token: fee };
  const bill = await otherEnd.money.request({ asset, amount: 90n, from: [idOf(alice)] });
  await eventually("the request", () => bodyOf(oneEnd, bill.id));
  const input = { to: idOf(bob), asset, amount: 100n, request: bill.id };
  const reviewed = await oneEnd.money.review(input);
  const paid = await oneEnd.money.pay({ ...input, reviewed }, alice.payer);
  for (const end of [oneEnd, otherEnd]) {
    const body = await settled(end, paid.id, "differs");
    expect(body).toMatchObject({ amount: 100n, moved: { amount: 90n, elsewhere: false } });
    // What arrived is what was asked for.
    await eventually("the share", async () => ((await bodyOf(end, bill.id)) as RequestBody).paid.length === 1);
  }
  const stranger = createLocalWallet(newWalletKey()).address;
  const elsewhere: WalletSigner = {
    ...alice.payer,
    sendTransaction: async (request) => (await alice.payer.sendTransaction?.({ ...request, to: stranger })) as Hex,
  };
  const astray = await oneEnd.money.pay({ to: idOf(bob), asset: coin(), amount: whole("1") }, elsewhere);
  for (const end of [oneEnd, otherEnd])
    expect(await settled(end, astray.id, "differs")).toMatchObject({
      moved: { amount: whole("1"), wallet: stranger.toLowerCase(), elsewhere: true },
    });
  await closeAll(alice, bob);
});

test("a page that is closed while what it sent waits to be mined does not pay twice", async () => {
  const { alice, bob, oneEnd, otherEnd } = await pair({ coin: whole("10") });
  const token = await deployToken(18, alice.payer.address, whole("5"));
  for (const asset of [coin(), { ...skm(), token }]) {
    let end = await reopened(alice, oneEnd.id);
    let closed: Promise<void> | undefined;
    const input = { to: idOf(bob), asset, amount: whole("1") };
    const lost: WalletSigner = {
      ...alice.payer,
      async sendTransaction(request) {
        await ask("evm_setIntervalMining", [0]);
        await alice.payer.sendTransaction?.(request);
        closed = alice.client.close();
        return new Promise<Hex>(() => undefined);
      },
    };
    await expect(end.money.pay(input, lost)).rejects.toMatchObject({ code: "ABORTED" });
    await closed;
    end = await reopened(alice, oneEnd.id);
    await expect(end.money.pay(input, alice.payer)).rejects.toMatchObject({ code: "PAYMENT_UNSURE" });
    await ask("evm_setIntervalMining", [1]);
    await eventually("that it is found", async () => {
      const code = await end.money.pay(input, alice.payer).then(
        () => "PAID",
        (error) => error.code,
      );
      if (code === "PAID") throw new Error("paid twice");
      return code === "PAYMENT_MADE";
    });
    const [told] = (await end.messages({ limit: 200 })).filter(
      ({ body }) => body.type === "payment" && body.asset.token === asset.token.toLowerCase(),
    );
    for (const one of [end, otherEnd]) await settled(one, told?.id as string);
    expect(await balanceOf(asset, bob.payer.address)).toBe(whole("1"));
  }
  await closeAll(alice, bob);
});
