import { afterEach, expect, test } from "vitest";
import { connect, eventually, joinPerson, type Person } from "../../../test/support/network.ts";
import { claimPacket } from "../../src/chain/actions/claimPacket.ts";
import { createChain } from "../../src/chain/chain.ts";
import { fetchNetwork } from "../../src/chain/network.ts";
import { newWalletKey } from "../../src/index.ts";
import { keptPackets } from "../../src/packets/records.ts";
import { openVault } from "../../src/store/index.ts";
import type { Conversation, PacketInput, PacketView, WalletSigner } from "../../src/types/client.ts";
import type { Hex, MessageId } from "../../src/types/primitives.ts";
import { idOf, useNetwork } from "../support/network.ts";
import { chainOf } from "../support/skm.ts";

const network = useNetwork();
const skm = 10n ** 18n;
const total = 88n * skm;
const people: Person[] = [];

afterEach(async () => {
  await Promise.all(people.splice(0).map(({ client }) => client.close()));
});

async function join(name: string): Promise<Person> {
  const person = await joinPerson(network, name);
  people.push(person);
  return person;
}

/** A group of so many; the first one made it and has SKM. */
async function group(count: number): Promise<Person[]> {
  const all = await Promise.all(Array.from({ length: count }, (_, i) => join(`p${i}`)));
  const [host, ...others] = all as [Person, ...Person[]];
  for (const other of others) await connect(host, other);
  await host.client.groups.create({ name: "Spring festival", people: others.map(idOf) });
  for (const person of all) {
    await eventually("the group", async () => (await groupOf(person))?.summary.group.people.length === count);
  }
  await chainOf(network).giveSkm(host.wallet.address, 10n * total);
  return all;
}

async function groupOf({ client }: Person) {
  const summary = (await client.conversations.list()).find(({ kind }) => kind === "group");
  return summary?.kind === "group" ? { summary, conversation: client.conversations.open(summary.id) } : undefined;
}

const endOf = async (person: Person): Promise<Conversation> =>
  (await eventually("the group", () => groupOf(person))).conversation;

const input = (over: Partial<PacketInput> = {}): PacketInput => ({
  asset: { chainId: network.chain.chainId, token: network.deployment.contracts.skm },
  amount: total,
  shares: 5,
  lucky: true,
  expiresAt: Date.now() + 3_600_000,
  message: "Happy new year",
  ...over,
});

const seen = async (conversation: Conversation, id: MessageId): Promise<void> => {
  await eventually("the packet", async () => (await conversation.messages()).some((message) => message.id === id));
};

const until = (conversation: Conversation, id: MessageId, what: string, holds: (view: PacketView) => boolean) =>
  eventually(what, async () => {
    const view = await conversation.packets.look(id).catch(() => undefined);
    return view && holds(view) ? view : undefined;
  });

/** A wallet that counts what it was asked for. */
function counted({ address, signTypedData }: WalletSigner) {
  const asked: string[] = [];
  const wallet: WalletSigner = {
    address,
    signTypedData(typedData) {
      asked.push(typedData.primaryType);
      return signTypedData(typedData);
    },
  };
  return { asked, wallet };
}

test("five people open a lucky packet at once: everybody has a share, and all of them are the whole", async () => {
  const all = await group(5);
  const chain = chainOf(network);
  const [host] = all as [Person];
  const { asked, wallet } = counted(host.wallet);
  const before = await chain.skmOf(wallet.address);
  const { id, body } = await (await endOf(host)).packets.create(input(), wallet);
  expect(asked).toEqual(["ReceiveWithAuthorization"]);
  expect(body).toEqual({
    ...{ type: "packet", packetId: expect.any(Number), shares: 5, lucky: true, message: "Happy new year" },
    asset: { chainId: network.chain.chainId, token: network.deployment.contracts.skm.toLowerCase() },
    expiresAt: expect.any(Number),
  });
  expect(await chain.skmOf(wallet.address)).toBe(before - total);

  const ends = await Promise.all(all.map(endOf));
  await Promise.all(ends.map((end) => seen(end, id)));
  expect(await (ends[1] as Conversation).packets.look(id)).toMatchObject({
    state: "open",
    total,
    left: total,
    people: [],
  });
  const told: PacketView[] = [];
  const stop = (ends[2] as Conversation).packets.watch(id, (view) => told.push(view));
  const claimed = await Promise.all(ends.map((end) => end.packets.claim(id)));
  for (const { state } of claimed) expect(["waiting", "received"]).toContain(state);
  const views = await Promise.all(
    ends.map((end) => until(end, id, "all shares", ({ state, paid }) => state === "received" && paid === 5)),
  );
  const [view] = views as [PacketView];
  expect(view).toMatchObject({ taken: 5, left: 0n, luckOver: false });
  const amounts = view.people.map(({ amount }) => amount as bigint);
  expect(amounts.reduce((sum, amount) => sum + amount)).toBe(total);
  expect(amounts.every((amount) => amount > 0n && amount <= (2n * total) / 5n)).toBe(true);
  const best = view.people.find(({ luckiest }) => luckiest)?.amount as bigint;
  expect(amounts.every((amount) => amount <= best)).toBe(true);
  expect(view.people.map(({ publicId }) => publicId).toSorted()).toEqual(all.map(idOf).toSorted());
  for (const [i, person] of all.entries()) {
    const { mine } = views[i] as PacketView;
    expect(mine).toMatchObject({ publicId: idOf(person), pseudonym: person.name });
    const had = person === host ? before - total : 0n;
    expect(await chain.skmOf(person.wallet.address)).toBe(had + (mine?.amount ?? 0n));
  }
  await eventually("the end to be told", () => told.at(-1)?.paid === 5);
  stop();
  // A second share there is none, nor for anybody who comes late.
  await expect((ends[3] as Conversation).packets.claim(id)).rejects.toMatchObject({ code: "PACKET_ALREADY_CLAIMED" });
  await expect((ends[0] as Conversation).packets.refund(id)).rejects.toMatchObject({ code: "PACKET_NOTHING_LEFT" });
});

test("its creator is closed in the middle, at every step, and goes on: one packet, one message, paid once", async () => {
  const all = await group(2);
  const [host, guest] = all as [Person, Person];
  const chain = chainOf(network);
  const before = await chain.skmOf(host.wallet.address);
  // Closed while the wallet is asked: nothing was paid, nothing stays.
  const asking = Promise.withResolvers<void>();
  const silent: WalletSigner = {
    address: host.wallet.address,
    signTypedData: () => {
      asking.resolve();
      return new Promise(() => undefined);
    },
  };
  const never = (await endOf(host)).packets.create(input({ shares: 2 }), silent);
  never.catch(() => undefined);
  await asking.promise;
  await host.client.close();
  await expect(never).rejects.toMatchObject({ code: "ABORTED" });
  await host.reopen();
  // Closed as soon as the wallet has signed: it is made after the restart.
  const signed = Promise.withResolvers<void>();
  const prompt: WalletSigner = {
    address: host.wallet.address,
    async signTypedData(typedData) {
      const signature = await host.wallet.signTypedData(typedData);
      setTimeout(() => signed.resolve(), 100);
      return signature;
    },
  };
  const cut = (await endOf(host)).packets.create(input({ shares: 2 }), prompt);
  cut.catch(() => undefined);
  await signed.promise;
  await host.client.close();
  await host.reopen();
  const packet = await eventually("the packet", async () => {
    const messages = await (await endOf(guest)).messages();
    return messages.find(({ body }) => body.type === "packet");
  });
  // Closed between claim and draw: the links are still there.
  const end = await endOf(guest);
  await host.client.close();
  await end.packets.claim(packet.id);
  expect((await end.packets.look(packet.id)).state).toBe("waiting");
  await host.reopen();
  await until(end, packet.id, "the draw", ({ state }) => state === "received");
  await (await endOf(host)).packets.claim(packet.id);
  await until(end, packet.id, "the other half", ({ paid }) => paid === 2);
  expect(await chain.skmOf(host.wallet.address)).toBe(
    before - ((await end.packets.look(packet.id)).mine?.amount as bigint),
  );
  const messages = await end.messages();
  expect(messages.filter(({ body }) => body.type === "packet")).toHaveLength(1);
  await eventually("nothing to be left to do", async () => {
    await host.client.close();
    const vault = await openVault(host.store);
    const kept = await keptPackets(vault);
    await vault.close();
    await host.reopen();
    return kept.made.length === 0 && kept.awaited.length === 0;
  });
});

test("its creator vanishes: those who wait settle it as equal shares, and whoever comes later has one too", async () => {
  const all = await group(4);
  const [host, ...others] = all as [Person, Person, Person, Person];
  const { id } = await (await endOf(host)).packets.create(input({ shares: 4 }), host.wallet);
  const ends = await Promise.all(others.map(endOf));
  const [first, second, third] = ends as [Conversation, Conversation, Conversation];
  await Promise.all(ends.map((end) => seen(end, id)));
  await host.client.close();
  await first.packets.claim(id);
  await second.packets.claim(id);
  await chainOf(network).mine(201);
  const settled = await until(first, id, "the settlement", ({ paid }) => paid === 2);
  expect(settled).toMatchObject({ state: "received", luckOver: true });
  expect(settled.people.map(({ amount }) => amount)).toEqual([total / 4n, total / 4n]);
  expect(await third.packets.claim(id)).toMatchObject({ state: "received", mine: { place: 3, amount: total / 4n } });
  await host.reopen();
});

test("after expiry the rest goes back by itself, and nobody can open it any more", async () => {
  const all = await group(3);
  const [host, guest, late] = all as [Person, Person, Person];
  const chain = chainOf(network);
  const before = await chain.skmOf(host.wallet.address);
  const expiresAt = Date.now() + 120_000;
  const { packets } = await endOf(host);
  const { id } = await packets.create(input({ shares: 4, lucky: false, expiresAt }), host.wallet);
  const end = await endOf(guest);
  await seen(end, id);
  expect(await end.packets.claim(id)).toMatchObject({ state: "received", mine: { amount: total / 4n } });
  await expect(packets.refund(id)).rejects.toMatchObject({ code: "PACKET_NOT_EXPIRED" });
  await seen(await endOf(late), id);
  await host.client.close();
  await chain.passTime(200);
  const lateEnd = await endOf(late);
  await expect(lateEnd.packets.claim(id)).rejects.toMatchObject({ code: "PACKET_EXPIRED" });
  expect(await lateEnd.packets.look(id)).toMatchObject({ state: "expired", left: (total * 3n) / 4n });
  await host.reopen();
  await until(lateEnd, id, "the refund", ({ state }) => state === "refunded");
  expect(await chain.skmOf(host.wallet.address)).toBe(before - total / 4n);
  expect((await end.packets.look(id)).state).toBe("received");
});

test("the key alone opens nothing for whoever has no identity, nor for an identity that is another's", async () => {
  const all = await group(2);
  const [host, guest] = all as [Person, Person];
  const end = await endOf(host);
  const { id, body } = await end.packets.create(input({ shares: 2, lucky: false }), host.wallet);
  if (body.type !== "packet") throw new Error("a packet expected");
  expect(JSON.stringify(body)).not.toMatch(/key/);
  await host.client.close();
  const vault = await openVault(host.store);
  const key = (await keptPackets(vault)).made[0]?.key as Hex;
  await vault.close();
  await host.reopen();
  const known = await fetchNetwork(network.urls[0] as string);
  const chain = createChain(known, { endpoints: () => [{ url: `${network.urls[0]}/rpc`, operator: "one" }] });
  const outsider = { packetId: BigInt(body.packetId), key, controller: newWalletKey() };
  const recipient = guest.wallet.address;
  await expect(claimPacket(chain, { ...outsider, identityId: 999n, recipient })).rejects.toMatchObject({
    code: "PACKET_NOT_ELIGIBLE",
  });
  await expect(claimPacket(chain, { ...outsider, identityId: 1n, recipient })).rejects.toMatchObject({
    code: "PACKET_KEYS_CHANGED",
  });
  await seen(await endOf(guest), id);
  expect(await (await endOf(guest)).packets.claim(id)).toMatchObject({ state: "received" });
});

test("what makes no sense is refused before the wallet is asked, and what the wallet refuses leaves nothing", async () => {
  const all = await group(2);
  const [host] = all as [Person];
  const { packets } = await endOf(host);
  const { asked, wallet } = counted(host.wallet);
  for (const [over, code] of [
    [{ shares: 0 }, "INPUT_INVALID"],
    [{ shares: 101 }, "INPUT_INVALID"],
    [{ shares: 1.5 }, "INPUT_INVALID"],
    [{ amount: 0n }, "INPUT_INVALID"],
    [{ amount: 2n ** 128n }, "INPUT_INVALID"],
    [{ message: "x".repeat(1000) }, "INPUT_INVALID"],
    [{ amount: 4n }, "PACKET_TOO_SMALL"],
    [{ amount: 1_000_000_000n * skm }, "AMOUNT_OVER_BALANCE"],
    [{ expiresAt: Date.now() }, "PACKET_EXPIRY_INVALID"],
    [{ expiresAt: Number.NaN }, "INPUT_INVALID"],
    [{ expiresAt: Date.now() + 366 * 86_400_000 }, "PACKET_EXPIRY_INVALID"],
    [{ asset: { chainId: 1, token: network.deployment.contracts.skm } }, "PACKET_ASSET_UNSUPPORTED"],
    [{ asset: { chainId: network.chain.chainId, token: host.wallet.address } }, "ASSET_UNKNOWN"],
  ] as [Partial<PacketInput>, string][]) {
    await expect(packets.create(input(over), wallet), code).rejects.toMatchObject({ code });
  }
  expect(asked).toEqual([]);
  const refusing: WalletSigner = {
    address: host.wallet.address,
    signTypedData: () => Promise.reject(Object.assign(new Error("no"), { code: 4001 })),
  };
  await expect(packets.create(input(), refusing)).rejects.toMatchObject({ code: "WALLET_REFUSED" });
  const text = await (await endOf(host)).sendText("hello");
  for (const verb of ["claim", "look", "refund"] as const) {
    await expect(packets[verb](text.id)).rejects.toMatchObject({ code: "MESSAGE_UNKNOWN" });
  }
  await host.client.close();
  const vault = await openVault(host.store);
  expect(await keptPackets(vault)).toEqual({ made: [], awaited: [] });
  await vault.close();
  await host.reopen();
});
