import { type Hex, parseUnits } from "viem";
import { afterEach, expect, test } from "vitest";
import { connect, eventually, joinPerson, type Person } from "../../../test/support/network.ts";
import {
  type AssetId,
  type Conversation,
  createLocalWallet,
  type MessageId,
  newWalletKey,
  type PacketInput,
  type WalletSigner,
} from "../../src/index.ts";
import { useNetwork } from "../support/network.ts";
import { tokensOn } from "../support/tokens.ts";

/** Red packets of the chain's coin and of other tokens, over the real chain and relays. */

const network = useNetwork();
const { ask, call, coin, deploy, giveCoin, giveToken, balanceOf, skm } = tokensOn(network);
const whole = (text: string) => parseUnits(text, 18);
const people: Person[] = [];

afterEach(async () => {
  await Promise.all(people.splice(0).map(({ client }) => client.close()));
});

interface Sender extends Person {
  sender: WalletSigner;
}

async function join(name: string): Promise<Sender> {
  const sender = createLocalWallet(newWalletKey(), network.chain.rpcUrl);
  const person = await joinPerson(network, name, {}, sender);
  people.push(person);
  return Object.assign(person, { sender });
}

async function pair() {
  const [host, guest] = await Promise.all([join("host"), join("guest")]);
  return { host, guest, ...(await connect(host, guest)) };
}

const input = (asset: AssetId, over: Partial<PacketInput> = {}): PacketInput => ({
  ...{ asset, amount: whole("4"), shares: 2, lucky: false, expiresAt: Date.now() + 3_600_000 },
  ...over,
});

/** A wallet that counts what it was asked for. */
function counted({ sender }: Sender) {
  const asked: string[] = [];
  const wallet: WalletSigner = {
    address: sender.address,
    signTypedData(typedData) {
      asked.push(typedData.primaryType);
      return sender.signTypedData(typedData);
    },
    sendTransaction(request) {
      asked.push("send");
      return sender.sendTransaction?.(request) as Promise<Hex>;
    },
  };
  return { asked, wallet };
}

const seen = (end: Conversation, id: MessageId) =>
  eventually("the packet", async () => (await end.messages()).some((message) => message.id === id));
const packetsIn = async (end: Conversation) =>
  (await end.messages({ limit: 200 })).filter(({ body }) => body.type === "packet");
const reopened = async (person: Person, id: string) => {
  await person.client.close();
  return (await person.reopen()).conversations.open(id);
};

test("the coin needs one prompt, a token with permits a signature before that, any other an approval", async () => {
  const { host, guest, oneEnd, otherEnd } = await pair();
  await giveCoin(host.sender.address, whole("10"));
  const votes = await deploy("VotesTokenMock");
  await giveToken(votes, host.sender.address, whole("10"));
  const plain = await deploy("TemperToken", [18], [["mint", [host.sender.address, whole("10")]]]);
  for (const [asset, prompts] of [
    [coin(), ["send"]],
    [{ ...coin(), token: votes }, ["Permit", "send"]],
    [{ ...coin(), token: plain }, ["send", "send"]],
  ] as const) {
    const { asked, wallet } = counted(host);
    const { amount } = input(asset);
    expect(await host.client.packets.prompts({ asset, amount })).toEqual(
      prompts.map((prompt, at) => (prompt === "Permit" ? "permit" : at < prompts.length - 1 ? "approve" : prompt)),
    );
    const { id } = await oneEnd.packets.create(input(asset, { lucky: asset.token === votes }), wallet);
    expect(asked).toEqual(prompts);
    expect(await balanceOf(asset, host.sender.address)).toBe(whole("6"));
    await seen(otherEnd, id);
    await otherEnd.packets.claim(id);
    await oneEnd.packets.claim(id);
    const view = await eventually("both shares", async () => {
      const found = await otherEnd.packets.look(id);
      return found.paid === 2 && found;
    });
    expect(view).toMatchObject({ state: "received", total: whole("4"), left: 0n });
    expect(await balanceOf(asset, guest.sender.address)).toBe(view.mine?.amount);
  }
});

test("a page that is closed while the wallet sends makes one packet, and none is made again unawares", async () => {
  const { host, oneEnd, otherEnd } = await pair();
  await giveCoin(host.sender.address, whole("10"));
  let closed: Promise<void> | undefined;
  const lost: WalletSigner = {
    ...host.sender,
    async sendTransaction(request) {
      await ask("evm_setIntervalMining", [0]);
      await host.sender.sendTransaction?.(request);
      closed = host.client.close();
      return new Promise<Hex>(() => undefined);
    },
  };
  await expect(oneEnd.packets.create(input(coin()), lost)).rejects.toMatchObject({ code: "ABORTED" });
  await closed;
  const end = await reopened(host, oneEnd.id);
  await expect(end.packets.create(input(coin()), host.sender)).rejects.toMatchObject({ code: "PACKET_UNSURE" });
  // The same transaction, by the same number: a node knows it already.
  const again = end.packets.create(input(coin(), { replace: true }), host.sender).catch((error) => error);
  await ask("evm_setIntervalMining", [1]);
  const [packet] = await eventually("the packet", async () => {
    const found = await packetsIn(otherEnd);
    return found.length > 0 && found;
  });
  await again;
  expect(await balanceOf(coin(), host.sender.address)).toBe(whole("6"));
  expect(await otherEnd.packets.claim(packet?.id as MessageId)).toMatchObject({ state: "received" });
  expect(await packetsIn(otherEnd)).toHaveLength(1);
});

test("a token's packet in doubt has its own number, not its approval's, and an approval left over is taken back", async () => {
  const { host, oneEnd } = await pair();
  const { packets } = host.client;
  const token = await deploy("TemperToken", [18], [["mint", [host.sender.address, whole("10")]]]);
  const asset = { ...coin(), token };
  const sent: (number | undefined)[] = [];
  /** Approves, then says nothing about the packet: never sent, but nobody can know. */
  const vague: WalletSigner = {
    ...host.sender,
    sendTransaction: (request) =>
      request.to === token ? (host.sender.sendTransaction?.(request) as Promise<Hex>) : Promise.reject(new Error("?")),
  };
  await expect(oneEnd.packets.create(input(asset), vague)).rejects.toMatchObject({ code: "WALLET_FAILED" });
  const history = await packets.history({ fresh: true });
  expect(history.packets).toMatchObject([
    { stage: "unsure", given: true, total: whole("4"), conversationId: oneEnd.id },
  ]);
  await expect(oneEnd.packets.create(input(asset), host.sender)).rejects.toMatchObject({ code: "PACKET_UNSURE" });
  const numbered: WalletSigner = {
    ...host.sender,
    sendTransaction(request) {
      sent.push(request.nonce);
      return host.sender.sendTransaction?.(request) as Promise<Hex>;
    },
  };
  const { id } = await oneEnd.packets.create(input(asset, { replace: true }), numbered);
  // The approval was the wallet's first transaction, the packet is its second.
  expect(sent).toEqual([1]);
  expect(await packets.allowances()).toEqual([]);
  const after = await packets.history({ fresh: true });
  expect(after.packets.find(({ messageId }) => messageId === id)).toMatchObject({
    ...{ stage: "open", given: true, total: whole("4"), taken: 0, shares: 2, current: true },
  });
  const no = Object.assign(new Error("no"), { code: 4001 });
  const refusing: WalletSigner = {
    ...vague,
    sendTransaction: (request) =>
      (request.to === token ? numbered.sendTransaction?.(request) : Promise.reject(no)) as Promise<Hex>,
  };
  await expect(oneEnd.packets.create(input(asset, { amount: whole("3") }), refusing)).rejects.toMatchObject({
    code: "WALLET_REFUSED",
  });
  expect(await packets.allowances()).toEqual([{ asset, owner: host.sender.address, amount: whole("3") }]);
  await packets.disallow({ asset, owner: host.sender.address }, host.sender);
  expect(await packets.allowances()).toEqual([]);
});

test("a rest that the token does not send back is not sent for, and said; the history knows it without a network", async () => {
  const { host, guest, oneEnd, otherEnd } = await pair();
  const token = await deploy("TemperToken", [18], [["mint", [host.sender.address, whole("10")]]]);
  const asset = { ...coin(), token };
  const { id } = await oneEnd.packets.create(input(asset, { expiresAt: Date.now() + 120_000 }), host.sender);
  await seen(otherEnd, id);
  await otherEnd.packets.claim(id);
  await call("TemperToken", token, "setRefused", [host.sender.address, true]);
  await ask("evm_increaseTime", [200]);
  await ask("anvil_mine", ["0x1"]);
  await expect(oneEnd.packets.refund(id)).rejects.toMatchObject({ code: "PAYMENT_REFUSED" });
  expect(await oneEnd.packets.look(id)).toMatchObject({ state: "expired", left: whole("2") });
  await call("TemperToken", token, "setRefused", [host.sender.address, false]);
  await oneEnd.packets.refund(id);
  const given = { stage: "refunded", taken: 1, returned: whole("2"), current: true };
  expect((await host.client.packets.history({ fresh: true })).packets).toMatchObject([given]);
  expect((await guest.client.packets.history({ fresh: true })).sums).toEqual([{ asset, given: 0n, got: whole("2") }]);
  await host.client.close();
  const again = await host.reopen();
  const { packets, sums } = await again.packets.history();
  expect(packets).toMatchObject([given]);
  expect(sums).toEqual([{ asset, given: whole("2"), got: 0n }]);
});

test("a share that could not be paid is kept, and fetched by its wallet, once", async () => {
  const { host, guest, oneEnd, otherEnd } = await pair();
  const token = await deploy("TemperToken", [18], [["mint", [host.sender.address, whole("10")]]]);
  const asset = { ...coin(), token };
  await call("TemperToken", token, "setRefused", [guest.sender.address, true]);
  const { id } = await oneEnd.packets.create(input(asset), host.sender);
  await seen(otherEnd, id);
  expect(await otherEnd.packets.claim(id)).toMatchObject({ state: "received", kept: whole("2") });
  const { packets } = otherEnd;
  await expect(packets.withdraw(id, guest.sender)).rejects.toMatchObject({ code: "PAYMENT_REFUSED" });
  await expect(packets.withdraw(id, host.sender)).rejects.toMatchObject({ code: "WALLET_WRONG_ACCOUNT" });
  await expect(oneEnd.packets.withdraw(id, host.sender)).rejects.toMatchObject({ code: "PACKET_NOTHING_LEFT" });
  const { address, signTypedData } = guest.sender;
  await expect(packets.withdraw(id, { address, signTypedData })).rejects.toMatchObject({ code: "WALLET_CANNOT_SEND" });
  const other = createLocalWallet(newWalletKey()).address;
  for (const nobody of [token, "0x00"] as const)
    await expect(packets.withdraw(id, guest.sender, nobody)).rejects.toMatchObject({ code: "INPUT_INVALID" });
  expect(await packets.withdraw(id, guest.sender, other)).not.toHaveProperty("kept");
  expect(await balanceOf(asset, other)).toBe(whole("2"));
  await expect(packets.withdraw(id, guest.sender)).rejects.toMatchObject({ code: "PACKET_NOTHING_LEFT" });
});

test("what could not be made is said before anything moves, and leaves nothing", async () => {
  const { host, guest, oneEnd } = await pair();
  await giveCoin(host.sender.address, whole("10"));
  const { packets } = oneEnd;
  const { address, signTypedData } = host.sender;
  const asked = () => Promise.reject(new Error("asked"));
  const never: WalletSigner = { address, signTypedData: asked, sendTransaction: asked };
  const refused = async (change: Partial<PacketInput>, code: string, wallet = never) =>
    expect(packets.create(input(coin(), change), wallet)).rejects.toMatchObject({ code });
  await refused({ amount: whole("11") }, "AMOUNT_OVER_BALANCE");
  await refused({ asset: { ...coin(), token: address } }, "ASSET_UNKNOWN");
  await refused({ asset: { ...coin(), chainId: 1 } }, "PACKET_ASSET_UNSUPPORTED");
  await refused({}, "WALLET_CANNOT_SEND", { address, signTypedData });
  await refused({}, "WALLET_WRONG_ACCOUNT", guest.sender);
  await refused({ asset: skm() }, "AMOUNT_OVER_BALANCE");
  const no = Object.assign(new Error("no"), { code: 4001 });
  const refusing = { ...never, sendTransaction: () => Promise.reject(no) };
  await refused({}, "WALLET_REFUSED", refusing);
  // Nothing of it stays: it is no second packet.
  const { id } = await packets.create(input(coin()), host.sender);
  expect((await packetsIn(oneEnd)).map((message) => message.id)).toEqual([id]);
});
