import { afterAll, afterEach, expect, test } from "vitest";
import { truncatedAnswers, wrongIds } from "../../../test/support/faults/brokenAnswers.ts";
import {
  falseBalances,
  falseBlocks,
  falseCalls,
  falseLogs,
  falseReceipts,
} from "../../../test/support/faults/falseData.ts";
import type { Fault } from "../../../test/support/faults/fault.ts";
import { lateAnswers } from "../../../test/support/faults/lateAnswers.ts";
import { lostAnswers } from "../../../test/support/faults/lostAnswers.ts";
import { otherChain } from "../../../test/support/faults/otherChain.ts";
import { repeatedLogs } from "../../../test/support/faults/repeatedLogs.ts";
import { stalledHead } from "../../../test/support/faults/stalledHead.ts";
import { tipOfOneGwei } from "../../../test/support/faults/tipOfOneGwei.ts";
import { unavailable } from "../../../test/support/faults/unavailable.ts";
import { unknownTags } from "../../../test/support/faults/unknownTags.ts";
import { type FaultyRpc, type Injected, startFaultyRpc } from "../../../test/support/faultyRpc.ts";
import { eventually, freshName, openClient } from "../../../test/support/network.ts";
import { createLocalWallet, newWalletKey } from "../../src/index.ts";
import { beginJourney, walkJourney } from "../support/journey.ts";
import { useNetwork } from "../support/network.ts";

/** People join, pay, open red packets and sign agreements while the nodes of their relays fail. */

let nodes: FaultyRpc;
const network = useNetwork({
  async relayNodes(rpcUrl) {
    nodes = await startFaultyRpc(rpcUrl);
    return ["0", "1", "2"].map(nodes.url);
  },
});
afterAll(() => nodes?.stop());

const on: Injected[] = [];
const inject = (faults: readonly Fault[], node?: string): Injected[] => {
  const injected = faults.map((fault) => nodes.inject(fault, node));
  on.push(...injected);
  return injected;
};
/** Each of them did something. */
const areHit = (all = on) => expect(all.map((one) => one.hits() > 0)).toEqual(all.map(() => true));

afterEach(() => {
  for (const one of on.splice(0)) one.off();
});

test("nodes that answer late, and so in another order, twice and as production's do; one makes up whatever it says", async () => {
  const sure = inject([lateAnswers(150), repeatedLogs()]);
  // Where gas is free and blocks are final at once nothing of ours asks for what these change: see the tests of the chain's layer.
  const idle = inject([unknownTags(), tipOfOneGwei()]);
  // Who is asked is chance, but not in so many calls.
  sure.push(...inject([falseCalls()], "0"));
  inject([falseReceipts(), falseLogs(), falseBalances(), falseBlocks(60)], "0");
  await walkJourney(network);
  areHit(sure);
  expect(idle.map((one) => one.hits())).toEqual([0, 0]);
  // None of this is for a relay to give its node up, or to forget which one it is.
  for (const { id, url } of network.relays)
    await eventually("the chain of a relay, and its number", async () => {
      const { chain, relayId } = await (await fetch(`${url}/health`)).json();
      return chain === "online" && relayId === id;
    });
});

test("nodes that are busy, garble what they say, or take a transaction and break off; sockets of relays that drop", async () => {
  inject([unavailable(6), truncatedAnswers(9), wrongIds(11), lostAnswers("eth_sendRawTransaction", 2)]);
  await walkJourney(network, { webSocket: Dropping });
  areHit();
});

/** A line to a relay that breaks off after three seconds. */
class Dropping extends WebSocket {
  constructor(url: string | URL) {
    super(url);
    this.addEventListener("open", () => setTimeout(() => this.close(), 3000));
  }
}

test("the node of one relay is of another chain: the relay passes nothing on, and people do not notice", async () => {
  const health = async () => {
    const answer = await fetch(`${network.urls[0]}/health`);
    return ((await answer.json()) as { chain: string }).chain;
  };
  inject([otherChain(1)], "0");
  await eventually("the relay to find out", async () => (await health()) === "other-chain");
  await walkJourney(network);
  areHit();
  for (const one of on.splice(0)) one.off();
  await eventually("the relay to be back", async () => (await health()) === "online");
});

test("the node of one relay stands still", async () => {
  inject([stalledHead()], "0");
  await walkJourney(network);
  areHit();
});

test("all nodes stand still for a while: it is said, what was begun waits, and goes on once", async () => {
  const journey = await beginJourney(network);
  const stalled = journey.alice.client.once("chain", ({ state }) => state === "stalled");
  inject(["0", "1", "2"].map(() => stalledHead()));
  const paying = journey.pay();
  await stalled;
  const online = journey.alice.client.once("chain", ({ state }) => state === "online");
  for (const one of on) one.off();
  await Promise.all([online, paying]);
  await journey.packet();
  await journey.agreement();
  await journey.settle();
});

test("all nodes stand still for a minute while somebody joins, a packet is made and opened, an agreement signed: all wait, and go on once", async () => {
  const journey = await beginJourney(network);
  await journey.pay();
  const carol = await openClient(network);
  const stalled = journey.alice.client.once("chain", ({ state }) => state === "stalled");
  inject(["0", "1", "2"].map(() => stalledHead()));
  const since = Date.now();
  await stalled;
  const done: string[] = [];
  const begin = <T>(name: string, what: Promise<T>) => what.finally(() => done.push(name));
  const [pseudonym, wallet] = [freshName("carol"), createLocalWallet(newWalletKey())];
  const joining = begin("join", carol.join({ wallet, pseudonym, securityCode: "code" }));
  const going = [begin("packet", journey.packet()), begin("agreement", journey.agreement())];
  // Whatever fails is told of at the end.
  for (const one of [joining, ...going]) one.catch(() => undefined);
  while (Date.now() - since < 61_000) await new Promise((resolve) => setTimeout(resolve, 500));
  expect(done).toEqual([]);
  const online = journey.alice.client.once("chain", ({ state }) => state === "online");
  for (const one of on) one.off();
  await Promise.all([online, ...going]);
  expect(await joining).toMatchObject({ kind: "registered" });
  const found = await journey.alice.client.contacts.find(pseudonym);
  expect(found.publicId).toBe(carol.identity?.publicId);
  await carol.close();
  await journey.settle();
});
