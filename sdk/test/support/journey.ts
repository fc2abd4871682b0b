import { expect } from "vitest";
import {
  connect,
  eventually,
  freshName,
  openClient,
  type Person,
  type TestNetwork,
} from "../../../test/support/network.ts";
import type { ClientOptions } from "../../src/client/options.ts";
import { createLocalWallet, createMemoryStore, newWalletKey, SkrumbleError } from "../../src/index.ts";
import type { Conversation } from "../../src/types/client.ts";
import type { PaymentBody } from "../../src/types/money.ts";
import { inDays, promise } from "./agreements.ts";
import { idOf } from "./network.ts";
import { chainOf } from "./skm.ts";

const skm = 10n ** 18n;
const [given, paid, inPacket] = [100n * skm, 3n * skm, 20n * skm];

/** Two people on their way through everything that needs the chain, step by step, so that faults can come in between. */
export interface Journey {
  alice: Person;
  bob: Person;
  pay(): Promise<void>;
  packet(): Promise<void>;
  agreement(): Promise<void>;
  /** What the chain itself says in the end: nothing twice, nothing lost. */
  settle(): Promise<void>;
}

/** As a person does who is told that the network is at fault: again. Everything else is told. */
async function again<T>(verb: () => Promise<T>, left = 5): Promise<T> {
  try {
    return await verb();
  } catch (error) {
    if (!(error instanceof SkrumbleError) || error.category !== "network" || left === 0) throw error;
    return again(verb, left - 1);
  }
}

async function join(network: TestNetwork, base: string, options: Partial<ClientOptions>): Promise<Person> {
  const [store, wallet] = [createMemoryStore(), createLocalWallet(newWalletKey())];
  const [name, securityCode] = [freshName(base), "correct horse battery staple"];
  const client = await again(() => openClient(network, { ...options, store }));
  await again(() => client.join({ wallet, pseudonym: name, securityCode }));
  return { client, name, store, wallet, securityCode, reopen: () => openClient(network, { ...options, store }) };
}

export async function beginJourney(network: TestNetwork, options: Partial<ClientOptions> = {}): Promise<Journey> {
  const chain = chainOf(network);
  const [alice, bob] = await Promise.all([join(network, "alice", options), join(network, "bob", options)]);
  await chain.giveSkm(alice.wallet.address, given);
  const { oneEnd, otherEnd } = await again(() => connect(alice, bob));
  const ends = [oneEnd, otherEnd];
  const asset = { chainId: network.chain.chainId, token: network.deployment.contracts.skm };
  return {
    alice,
    bob,
    async pay() {
      const input = { to: idOf(bob), asset, amount: paid };
      const { id } = await again(() => oneEnd.money.pay(input, alice.wallet));
      for (const end of ends)
        await eventually("the payment", async () => {
          const found = (await end.messages({ limit: 200 })).find((message) => message.id === id);
          const body = found?.body as PaymentBody | undefined;
          if (body?.state === "failed") throw new Error(`failed: ${body.code}`);
          return body?.state === "final";
        });
    },
    async packet() {
      const terms = { amount: inPacket, shares: 2, lucky: true, expiresAt: Date.now() + 3_600_000, message: "" };
      const { id } = await again(() => oneEnd.packets.create({ ...terms, asset }, alice.wallet));
      await eventually("the packet", async () => (await otherEnd.messages()).some((message) => message.id === id));
      await Promise.all(ends.map((end) => again(() => end.packets.claim(id))));
      for (const end of ends)
        await eventually("both shares", async () => {
          const view = await end.packets.look(id).catch(() => undefined);
          return view?.state === "received" && view.paid === 2 && view.people.length === 2;
        });
    },
    async agreement() {
      const parties = await Promise.all([alice, bob].map((one) => again(() => oneEnd.agreements.party(idOf(one)))));
      const draft = {
        ...promise({ chainId: asset.chainId, parties: parties.map((one) => ({ ...one, role: "party" })) }),
        signBy: inDays(2),
      };
      const { id } = await again(() => oneEnd.agreements.propose(draft));
      const until = (end: Conversation, what: string) =>
        eventually(what, async () => (await end.agreements.look(id).catch(() => undefined))?.state === what);
      await until(otherEnd, "proposed");
      await again(() => oneEnd.agreements.sign(id, { version: id, wallet: alice.wallet }));
      await until(otherEnd, "signing");
      await again(() => otherEnd.agreements.sign(id, { version: id, wallet: bob.wallet }));
      await Promise.all(ends.map((end) => until(end, "in-force")));
    },
    async settle() {
      const [hers, his] = await Promise.all([alice, bob].map(({ wallet }) => chain.skmOf(wallet.address)));
      expect((hers as bigint) + (his as bigint)).toBe(given);
      // Each share is at most twice the mean.
      expect(his).toBeGreaterThan(paid);
      expect(his).toBeLessThan(paid + inPacket);
      await Promise.all([alice.client.close(), bob.client.close()]);
    },
  };
}

/** All of it, one step after the other. */
export async function walkJourney(network: TestNetwork, options: Partial<ClientOptions> = {}): Promise<void> {
  const journey = await beginJourney(network, options);
  await journey.pay();
  await journey.packet();
  await journey.agreement();
  await journey.settle();
}
