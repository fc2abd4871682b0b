import { NEVER, signMove } from "../support/authorisations.ts";
import { by, DAY, ethers, mine, now, SKM, time } from "../support/chain.ts";
import { GENESIS } from "../support/deploy.ts";
import {
  claimOf,
  create,
  deployWithoutPeople,
  enrol,
  hashChain,
  idsOf,
  PACKET_KEY,
  type Person,
} from "../support/packets.ts";
import type { Meter } from "./meter.ts";

const LIFETIME = 300 * DAY;

/** Batch size -> gas per person for claiming a lucky share and having it drawn, by asset. */
export type PacketShares = Record<string, Record<string, number>>;

export async function measurePackets(meter: Meter): Promise<PacketShares> {
  const { registry, skm, packets, creator } = await deployWithoutPeople();
  const people = await enrol(registry, 100);
  const expiresAt = (await now()) + LIFETIME;
  const send = (name: string, args: readonly unknown[], which?: string, as = creator) =>
    meter.send("RedPackets", by(as, packets), name, args, which);
  // Everybody has a little of both already, as after their first packet.
  const [funder] = await ethers.getSigners();
  const known = people.slice(0, 50);
  for (const { address } of known) {
    await funder.sendTransaction({ to: address, value: 1n });
    await skm.emitFrom(GENESIS, address, SKM);
  }

  const chain = hashChain(100);
  const coin = { token: ethers.ZeroAddress, amount: 10n ** 15n };
  const token = { token: await skm.getAddress(), amount: 10n ** 21n };
  const perPerson: PacketShares = {};
  for (const [asset, money] of [
    ["coin", coin],
    ["SKM", token],
  ] as const) {
    const lucky = { ...money, shares: 100, expiresAt, chainHead: chain[0] };
    await meterCreate(`lucky, ${asset}`, lucky);
    const packetId = await packets.packetCount();
    let drawn = 0;
    let claimGas = 0;
    const batch = async (who: readonly Person[], which: string) => {
      for (const [index, person] of who.entries()) {
        const args = await claimOf(packets, packetId, person);
        if (index === 0 && which === "1 ticket") claimGas = await send("claim", args, `lucky, ${asset}`);
        else await packets.claim(...args);
      }
      await mine(1);
      drawn += who.length;
      return (await send("draw", [packetId, chain[drawn], idsOf(who)], `${asset}, ${which}`)) / who.length;
    };
    // The first ticket of all costs a claim and a draw a slot more; it is not what a person usually pays.
    await batch(people.slice(0, 1), "the first ticket");
    const of: Record<string, number> = {};
    of[1] = await batch(known.slice(1, 2), "1 ticket");
    of[5] = await batch(known.slice(2, 7), "5 tickets");
    of[10] = await batch(known.slice(7, 17), "10 tickets");
    of[30] = await batch(known.slice(17, 47), "30 tickets");
    perPerson[asset] = Object.fromEntries(Object.entries(of).map(([n, gas]) => [n, Math.ceil(claimGas + gas)]));
    await batch(people.slice(50, 60), "10 tickets of newcomers");

    await create(packets, creator, { ...money, shares: 20, expiresAt });
    const equal = await packets.packetCount();
    await packets.claim(...(await claimOf(packets, equal, known[0])));
    await send("claim", await claimOf(packets, equal, known[1]), `equal, ${asset}`);
    await send("claim", await claimOf(packets, equal, people[60]), `equal, ${asset}, to a newcomer`);
  }
  await meterCreate("equal, coin", { ...coin, shares: 100, expiresAt, chainHead: ethers.ZeroHash });

  const terms = { ...token, shares: 100, expiresAt, key: PACKET_KEY.address, chainHead: chain[0] };
  const nonce = await packets.nonceOf(terms);
  const [from, to] = [creator.address, await packets.getAddress()];
  const move = { from, to, value: token.amount, validAfter: 0n, validBefore: NEVER, nonce };
  const signature = await signMove(skm, creator, "ReceiveWithAuthorization", move);
  await send("createFor", [terms, from, 0n, NEVER, signature], "lucky, SKM");

  await create(packets, creator, { ...coin, shares: 12, expiresAt, chainHead: chain[0] });
  const late = await packets.packetCount();
  for (const person of known.slice(0, 10)) await packets.claim(...(await claimOf(packets, late, person)));
  await mine(200);
  await send("settle", [late, idsOf(known.slice(0, 10))], "coin, 10 tickets");

  // A share that the token refused to pay at first.
  const silent = await ethers.deployContract("SilentToken", [18]);
  await silent.mint(creator.address, 1_000n);
  await by(creator, silent).approve(packets, 1_000n);
  await silent.setBlocked(known[0].address, true);
  const kept = await create(packets, creator, { token: await silent.getAddress(), expiresAt });
  await packets.claim(...(await claimOf(packets, kept, known[0])));
  const owner = await ethers.getImpersonatedSigner(known[0].address);
  await send("withdraw", [kept, creator.address], undefined, owner);

  for (const [name, ...args] of [
    ["packet", late],
    ["ticket", late, known[0].id],
    ["keptFor", kept, known[0].address],
    ["vaultOf", 1n],
    ["packetCount"],
    ["nonceOf", terms],
    ["identityRegistry"],
    ["REVEAL_WINDOW"],
    ["eip712Domain"],
  ] as const) {
    await meter.read("RedPackets", packets, name, args);
  }
  await time.increase(LIFETIME);
  await send("refund", [late, creator.address], "coin");
  return perPerson;

  async function meterCreate(which: string, over: Record<string, unknown>): Promise<void> {
    const terms = { key: PACKET_KEY.address, ...over } as Record<string, unknown>;
    const value = terms.token === ethers.ZeroAddress ? terms.amount : 0n;
    await send("create", [terms, { value }], which);
  }
}
