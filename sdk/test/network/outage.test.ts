import { expect, test } from "vitest";
import { connect, eventually, freshName, joinPerson, openClient } from "../../../test/support/network.ts";
import { createLocalWallet, newWalletKey } from "../../src/index.ts";
import { closeAll, textsOf, useNetwork } from "../support/network.ts";

const network = useNetwork();

test("a chat survives the death of one relay, then of two of three", async () => {
  const [alice, bob] = await Promise.all([joinPerson(network, "alice"), joinPerson(network, "bob")]);
  const { oneEnd, otherEnd } = await connect(alice, bob);
  const [first, second] = network.relays;
  if (!first || !second) throw new Error("three relays expected");
  const exchange = async (label: string) => {
    const [one, other] = [await oneEnd.sendText(`${label} from alice`), await otherEnd.sendText(`${label} from bob`)];
    await eventually(`${label}: to bob`, async () => (await textsOf(otherEnd)).includes(`${label} from alice`));
    await eventually(`${label}: to alice`, async () => (await textsOf(oneEnd)).includes(`${label} from bob`));
    return [one.id, other.id];
  };
  await exchange("all up");
  await first.halt("SIGKILL");
  await exchange("one down");
  await second.halt("SIGKILL");
  const [id] = await exchange("two down");
  await first.resume();
  await second.resume();
  await exchange("all up again");
  // What only one relay had is brought to the others as soon as they are back.
  await eventually("three replicas", async () => {
    const message = (await oneEnd.messages()).find((candidate) => candidate.id === id);
    return message?.replicas?.stored === 3;
  });
  const labels = ["all up", "one down", "two down", "all up again"];
  for (const end of [oneEnd, otherEnd]) {
    expect((await textsOf(end)).toSorted()).toEqual(
      labels.flatMap((label) => [`${label} from alice`, `${label} from bob`]).toSorted(),
    );
  }
  await closeAll(alice, bob);
});

test("with no relay at all texts wait, and go out when one is back", async () => {
  const [alice, bob] = await Promise.all([joinPerson(network, "alice"), joinPerson(network, "bob")]);
  const { oneEnd, otherEnd } = await connect(alice, bob);
  await Promise.all(network.relays.map((relay) => relay.halt("SIGKILL")));
  const sent = await oneEnd.sendText("into the void");
  expect(sent.delivery).toBe("sending");
  await eventually("the relays to be missed", () => alice.client.relays().every(({ state }) => state !== "online"));
  await Promise.all(network.relays.map((relay) => relay.resume()));
  await eventually("the text", async () => (await textsOf(otherEnd)).includes("into the void"));
  await eventually("the receipt", async () => (await oneEnd.messages())[0]?.delivery === "delivered");
  await closeAll(alice, bob);
});

test("while the chain stands still for 30 s people go on talking, and who is joining gets in afterwards", async () => {
  const [alice, bob] = await Promise.all([joinPerson(network, "alice"), joinPerson(network, "bob")]);
  const { oneEnd, otherEnd } = await connect(alice, bob);
  const carol = await openClient(network);
  const wallet = createLocalWallet(newWalletKey());
  // The chain goes away at the worst moment: the wallet has signed, nothing is registered yet.
  const joining = carol.join({
    wallet: {
      ...wallet,
      async signTypedData(request) {
        if (request.primaryType === "Registration") await network.chain.halt();
        return wallet.signTypedData(request);
      },
    },
    pseudonym: freshName("carol"),
    securityCode: "code",
  });
  joining.catch(() => undefined);
  await eventually("the chain to stop", () => network.chain.pid === undefined);
  const stalled = alice.client.once("chain", ({ state }) => state === "stalled");
  await oneEnd.sendText("no chain needed");
  await eventually("the text", async () => (await textsOf(otherEnd)).includes("no chain needed"));
  await expect(alice.client.contacts.find(bob.name)).rejects.toMatchObject({ category: "network" });
  await Promise.all([stalled, new Promise((resolve) => setTimeout(resolve, 30_000))]);
  await network.chain.resume();
  await expect(joining).resolves.toMatchObject({ kind: "registered" });
  expect((await alice.client.contacts.find(carol.identity?.pseudonym ?? "")).publicId).toBe(carol.identity?.publicId);
  await Promise.all([alice.client.close(), bob.client.close(), carol.close()]);
});
