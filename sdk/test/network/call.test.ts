import { createPublicClient, encodeFunctionData, http } from "viem";
import { expect, test } from "vitest";
import { connect, eventually, joinPerson, type Person } from "../../../test/support/network.ts";
import { membershipAbi } from "../../src/generated/index.ts";
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

test("with no relay at all a call ends as unreachable, and with one back it rings again", async () => {
  const { alice, bob } = await pair();
  await Promise.all(network.relays.map((relay) => relay.halt("SIGKILL")));
  const lost = await alice.client.calls.start(idOf(bob), { video: false });
  await eventually("the end", () => lost.snapshot().state === "ended");
  expect(lost.snapshot().end).toEqual({ reason: "failed", code: "CALL_UNREACHABLE" });
  expect(await eventually("the line", () => lineOf(alice))).toMatchObject({ outcome: "failed", seconds: 0 });
  const [first, ...others] = network.relays;
  await first?.resume();
  await eventually("the relay", () =>
    [alice, bob].every(({ client }) => client.relays().some(({ state }) => state === "online")),
  );
  const ringing = bob.client.once("call", (call) => call.id !== lost.id);
  const outgoing = await alice.client.calls.start(idOf(bob), { video: false });
  await (await ringing).accept();
  await eventually("the connection", () => outgoing.snapshot().state === "connected");
  await outgoing.hangUp();
  await Promise.all(others.map((relay) => relay.resume()));
  await closeAll(alice, bob);
});

/** Has the governor change what the starting credit is worth: it reaches the second tier, which has video, or not. */
async function setSecondThreshold(change: (threshold: bigint) => bigint): Promise<void> {
  const { governor, contracts } = network.deployment;
  const chain = createPublicClient({ transport: http(network.chain.rpcUrl) });
  const ask = (method: string, params: unknown[]): Promise<unknown> => chain.request({ method, params } as never);
  const membership = { address: contracts.membership, abi: membershipAbi };
  const tiers = await chain.readContract({ ...membership, functionName: "tiers" });
  const changed = tiers.map((tier, i) => (i === 1 ? { ...tier, threshold: change(tier.threshold) } : tier));
  const data = encodeFunctionData({ abi: membershipAbi, functionName: "setTiers", args: [changed] });
  await ask("anvil_impersonateAccount", [governor]);
  const hash = await ask("eth_sendTransaction", [{ from: governor, to: contracts.membership, data, gasPrice: "0x0" }]);
  const receipt = await chain.waitForTransactionReceipt({ hash: hash as `0x${string}` });
  expect(receipt.status).toBe("success");
}

test("newcomers have video; where the tier has none, people talk with sound", async () => {
  const problem = (of: Person, other: Person) => of.client.calls.videoProblem(idOf(other));
  const newcomers = await pair();
  expect(await problem(newcomers.alice, newcomers.bob)).toBeUndefined();
  await setSecondThreshold((threshold) => threshold * 10n);
  const { alice, bob } = await pair();
  await eventually("the tiers", async () => (await problem(alice, bob)) && (await problem(bob, alice)));
  await expect(alice.client.calls.start(idOf(bob), { video: true })).rejects.toMatchObject({
    code: "VIDEO_NOT_IN_TIER",
  });
  const ringing = bob.client.once("call");
  const outgoing = await alice.client.calls.start(idOf(bob), { video: false });
  const incoming = await ringing;
  await incoming.accept({ video: true });
  await eventually("the connection", () => outgoing.snapshot().state === "connected");
  expect(incoming.snapshot()).toMatchObject({ cameraOn: false, problems: [{ code: "VIDEO_NOT_IN_TIER" }] });
  await incoming.hangUp();
  await setSecondThreshold((threshold) => threshold / 10n);
  await eventually("the tiers again", async () => !(await problem(bob, alice)));
  await closeAll(alice, bob, newcomers.alice, newcomers.bob);
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
