import { expect, test } from "vitest";
import { connect, eventually, joinPerson, openClient, type Person } from "../../../test/support/network.ts";
import type { PublicId } from "../../src/index.ts";
import { closeAll, idOf, textsOf, useNetwork } from "../support/network.ts";

const network = useNetwork();

const stateOf = async (person: Person, publicId: PublicId) =>
  (await person.client.contacts.list()).find((contact) => contact.publicId === publicId)?.state;

test("both asking at once end in one conversation", async () => {
  const [alice, bob] = await Promise.all([joinPerson(network, "alice"), joinPerson(network, "bob")]);
  await Promise.all([alice.client.contacts.request(idOf(bob)), bob.client.contacts.request(idOf(alice))]);
  for (const [one, other] of [
    [alice, bob],
    [bob, alice],
  ] as const) {
    await eventually("both to be connected", async () => (await stateOf(one, idOf(other))) === "connected");
  }
  const [ofAlice, ofBob] = await Promise.all([alice.client.conversations.list(), bob.client.conversations.list()]);
  expect([ofAlice.length, ofBob.length]).toEqual([1, 1]);
  expect(ofAlice[0]?.id).toBe(ofBob[0]?.id);
  const end = bob.client.conversations.open(ofBob[0]?.id ?? "");
  await alice.client.conversations.open(ofAlice[0]?.id ?? "").sendText("at once");
  await eventually("the text", async () => (await textsOf(end)).includes("at once"));
  await closeAll(alice, bob);
});

test("a request carries its note, can be declined, and asked again", async () => {
  const [alice, bob] = await Promise.all([joinPerson(network, "alice"), joinPerson(network, "bob")]);
  await alice.client.contacts.request(idOf(bob), "we met at the fair");
  await eventually("the request", async () => (await stateOf(bob, idOf(alice))) === "request-received");
  expect((await bob.client.contacts.list())[0]).toMatchObject({ pseudonym: alice.name, note: "we met at the fair" });
  await bob.client.contacts.decline(idOf(alice));
  await eventually("the refusal", async () => (await stateOf(alice, idOf(bob))) === "declined");
  await expect(bob.client.contacts.accept(idOf(alice))).rejects.toMatchObject({ code: "CONTACT_NO_REQUEST" });
  await alice.client.contacts.request(idOf(bob));
  await eventually("the second request", async () => (await stateOf(bob, idOf(alice))) === "request-received");
  await bob.client.contacts.accept(idOf(alice));
  await eventually("the acceptance", async () => (await stateOf(alice, idOf(bob))) === "connected");
  await closeAll(alice, bob);
});

test("a blocked person is neither heard nor told", async () => {
  const [alice, bob] = await Promise.all([joinPerson(network, "alice"), joinPerson(network, "bob")]);
  const { oneEnd, otherEnd } = await connect(alice, bob);
  await bob.client.contacts.block(idOf(alice));
  await expect(otherEnd.sendText("no")).rejects.toMatchObject({ code: "CONTACT_BLOCKED" });
  await expect(bob.client.contacts.request(idOf(alice))).rejects.toMatchObject({ code: "CONTACT_BLOCKED" });
  const sent = await oneEnd.sendText("are you there?");
  await eventually(
    "the relays",
    async () => (await oneEnd.messages()).find(({ id }) => id === sent.id)?.replicas?.stored === 3,
  );
  await bob.client.contacts.unblock(idOf(alice));
  await oneEnd.sendText("hello again");
  await eventually("the next text", async () => (await textsOf(otherEnd)).includes("hello again"));
  expect(await textsOf(otherEnd)).toEqual(["hello again"]);
  expect(await stateOf(alice, idOf(bob))).toBe("connected");
  await closeAll(alice, bob);
});

test("a second device of one person joins the conversation, and both devices hear", async () => {
  const [alice, bob] = await Promise.all([joinPerson(network, "alice"), joinPerson(network, "bob")]);
  const { oneEnd, otherEnd } = await connect(alice, bob);
  const second: Person = { ...alice, client: await openClient(network) };
  const { wallet, name, securityCode } = alice;
  await second.client.join({ wallet, pseudonym: name, securityCode });
  // Bob has agreed to talk to Alice; he is not asked again for her second device.
  await second.client.contacts.request(idOf(bob));
  const contact = await eventually("the second device", async () => {
    const [only] = await second.client.contacts.list();
    return only?.state === "connected" && only;
  });
  const secondEnd = second.client.conversations.open(contact.conversationId ?? "");
  await otherEnd.sendText("to both");
  for (const end of [oneEnd, secondEnd]) {
    await eventually("both devices", async () => (await textsOf(end)).includes("to both"));
  }
  await secondEnd.sendText("from the second");
  await oneEnd.sendText("from the first");
  await eventually("both texts", async () => {
    const texts = await textsOf(otherEnd);
    return texts.includes("from the second") && texts.includes("from the first");
  });
  expect(await bob.client.conversations.list()).toHaveLength(1);
  await closeAll(alice, bob, second);
});

test("typing is told, and a text that is empty or too long is refused", async () => {
  const [alice, bob] = await Promise.all([joinPerson(network, "alice"), joinPerson(network, "bob")]);
  const { oneEnd } = await connect(alice, bob);
  const typing = bob.client.once("typing");
  oneEnd.typing();
  expect((await typing).conversationId).toBe(oneEnd.id);
  await expect(oneEnd.sendText(" \n")).rejects.toMatchObject({ code: "MESSAGE_EMPTY" });
  await expect(oneEnd.sendText("x".repeat(32 * 1024 + 1))).rejects.toMatchObject({ code: "MESSAGE_TOO_LONG" });
  const long = "界".repeat(10_000);
  await oneEnd.sendText(long);
  await eventually("the long text", async () => {
    const [conversation] = await bob.client.conversations.list();
    return conversation?.last?.body.type === "text" && conversation.last.body.text === long;
  });
  await closeAll(alice, bob);
});
