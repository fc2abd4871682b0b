import { expect, test } from "vitest";
import { connect, eventually, joinPerson, type Person } from "../../../test/support/network.ts";
import { FakeNetwork, FakePeer, fakeMedia, fakeRtc } from "../call/support/fakeRtc.ts";
import { closeAll, idOf, useNetwork } from "../support/network.ts";

/** Calls over real conversations, relays and chain; only WebRTC itself is a stand-in, which Node does not have. */

const network = useNetwork();
FakePeer.network = new FakeNetwork();

const withCalls = () => ({ calls: { rtc: fakeRtc(), media: fakeMedia() } });
const lineOf = async (person: Person) => {
  const [conversation] = await person.client.conversations.list();
  return conversation?.last?.body.type === "call" ? conversation.last.body : undefined;
};

async function pair() {
  const [alice, bob] = await Promise.all([
    joinPerson(network, "alice", withCalls()),
    joinPerson(network, "bob", withCalls()),
  ]);
  await connect(alice, bob);
  return { alice, bob };
}

test("rings, connects, is certified on both sides, and leaves a line in both histories", async () => {
  const { alice, bob } = await pair();
  const ringing = bob.client.once("call");
  const outgoing = await alice.client.calls.start(idOf(bob), { video: true });
  const incoming = await ringing;
  expect(incoming.snapshot()).toMatchObject({ id: outgoing.id, direction: "in", video: true, state: "ringing-in" });
  await incoming.accept({ video: true });
  for (const call of [outgoing, incoming]) {
    await eventually("the connection", () => call.snapshot().state === "connected");
    await eventually("the certificate", () => call.snapshot().certificate.state === "certified");
  }
  const [one, other] = [outgoing.snapshot().certificate, incoming.snapshot().certificate];
  if (one.state !== "certified" || other.state !== "certified") throw new Error("certified expected");
  expect(one.root).toBe(other.root);
  await outgoing.hangUp();
  await eventually("the end", () => incoming.snapshot().state === "ended");
  for (const person of [alice, bob]) {
    const line = await eventually("the line", () => lineOf(person));
    expect(line).toMatchObject({ callId: outgoing.id, video: true, outcome: "ended" });
  }
  await closeAll(alice, bob);
});

test("one relay dying during the set-up does not stop a call", async () => {
  const { alice, bob } = await pair();
  const [first] = network.relays;
  const ringing = bob.client.once("call");
  const [outgoing] = await Promise.all([alice.client.calls.start(idOf(bob), { video: false }), first?.halt("SIGKILL")]);
  const incoming = await ringing;
  await incoming.accept();
  for (const call of [outgoing, incoming]) {
    await eventually("the connection", () => call.snapshot().state === "connected");
    await eventually("the certificate", () => call.snapshot().certificate.state === "certified");
  }
  await incoming.hangUp();
  await eventually("the end", () => outgoing.snapshot().state === "ended");
  await first?.resume();
  await closeAll(alice, bob);
});

test("a declined call and a stranger's call", async () => {
  const { alice, bob } = await pair();
  const ringing = bob.client.once("call");
  const outgoing = await alice.client.calls.start(idOf(bob), { video: false });
  await (await ringing).decline();
  await eventually("the refusal", () => outgoing.snapshot().end?.reason === "declined");
  expect(await eventually("the line", () => lineOf(alice))).toMatchObject({ outcome: "declined", seconds: 0 });
  const carol = await joinPerson(network, "carol", withCalls());
  await expect(carol.client.calls.start(idOf(bob), { video: false })).rejects.toMatchObject({
    code: "CONTACT_UNKNOWN",
  });
  await closeAll(alice, bob, carol);
});
