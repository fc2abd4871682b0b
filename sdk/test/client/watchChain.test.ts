import { getEventListeners } from "node:events";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Chain } from "../../src/chain/chain.ts";
import type { RpcEndpoint } from "../../src/chain/types.ts";
import { watchChain } from "../../src/client/watchChain.ts";

type Relay = (second: number) => number | undefined;

const goesOn: Relay = (second) => 100 + second;
const standsStill: Relay = () => 100;
const isAway: Relay = () => undefined;
const hangs: Relay = () => undefined;
const lies: Relay = (second) => 9_000_000 + second;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** Relays for a while. @param operators of each; else everyone has another one */
function watched(relays: Relay[], operators = relays.map((_, at) => String(at))) {
  const from = Date.now();
  const told: { state: string; head: bigint }[] = [];
  const asked = new Set<string>();
  let back: string[] = [];
  let listed = relays.map((_, at) => ({ url: String(at), operator: operators[at] as string }));
  const closing = new AbortController();
  const chain = {
    rpc: {
      endpoints: () => listed,
      async requestAt({ url }: RpcEndpoint) {
        asked.add(url);
        if (relays[Number(url)] === hangs) await new Promise((resolve) => setTimeout(resolve, 5000));
        const head = relays[Number(url)]?.((Date.now() - from) / 1000);
        if (head === undefined) throw new Error("away");
        return `0x${Math.floor(head).toString(16)}`;
      },
      putBack: (standing: RpcEndpoint[]) => {
        back = standing.map(({ url }) => url);
      },
    },
  } as unknown as Chain;
  watchChain(chain, (state) => told.push(state), closing.signal);
  const states = () => told.map(({ state }) => state);
  const unlist = (url: string) => {
    listed = listed.filter((one) => one.url !== url);
  };
  const wait = (ms = 60_000) => vi.advanceTimersByTimeAsync(ms);
  return { relays, told, states, asked, unlist, back: () => back, wait, signal: closing.signal };
}

test("one relay that stands still is asked last, and the chain goes on; back with the others, it is asked as before", async () => {
  const { relays, wait, back, states } = watched([standsStill, goesOn, goesOn]);
  await wait();
  expect([states(), back()]).toEqual([["online"], ["0"]]);
  relays[0] = goesOn;
  await wait();
  expect([states(), back()]).toEqual([["online"], []]);
});

test("the chain stands still when all do, and goes on when they do", async () => {
  const { relays, wait, back, states } = watched([standsStill, standsStill, standsStill]);
  await wait();
  expect([states(), back()]).toEqual([["online", "stalled"], []]);
  relays.fill(goesOn);
  await wait();
  expect(states()).toEqual(["online", "stalled", "online"]);
});

test("one relay cannot make up that the chain goes on, nor its newest block", async () => {
  const { told, wait, back, states } = watched([standsStill, lies, standsStill]);
  await wait();
  expect([states(), back()]).toEqual([["online", "stalled"], []]);
  expect(told.every(({ head }) => head === 100n)).toBe(true);
});

test("where only one answers, its word has to do; with none the chain stands still in the end", async () => {
  const alone = watched([isAway, goesOn, isAway]);
  await alone.wait();
  expect(alone.states()).toEqual(["online"]);
  alone.relays.fill(isAway);
  await alone.wait();
  expect(alone.states()).toEqual(["online", "stalled"]);
  const never = watched([isAway]);
  await never.wait();
  expect(never.states()).toEqual([]);
});

test("two relays of one operator are one voice", async () => {
  const { told, wait, back, states } = watched([standsStill, lies, standsStill, lies], ["a", "b", "c", "b"]);
  await wait();
  expect([states(), back()]).toEqual([["online", "stalled"], []]);
  expect(told.every(({ head }) => head === 100n)).toBe(true);
});

test("the same three are asked as long as they answer, and whoever is not asked does not stand still", async () => {
  const { relays, wait, asked, back, states } = watched(new Array(9).fill(goesOn));
  await wait();
  expect([asked.size, states(), back()]).toEqual([3, ["online"], []]);
  const [first] = asked;
  relays[Number(first)] = isAway;
  await wait();
  expect([asked.size, states(), back()]).toEqual([4, ["online"], []]);
});

test("one that stood still and is listed no more, or is silent, is forgotten", async () => {
  for (const change of ["unlist", "silence"]) {
    const { relays, wait, unlist, back, states } = watched([standsStill, goesOn, goesOn]);
    await wait();
    expect(back()).toEqual(["0"]);
    if (change === "unlist") unlist("0");
    else relays[0] = isAway;
    await wait();
    expect([states(), back()]).toEqual([["online"], []]);
  }
});

test("where two of those asked stand still, others are asked before it is said of the chain", async () => {
  // Chance picks the second, third and fourth.
  vi.spyOn(Math, "random").mockReturnValue(0);
  const { wait, asked, back, states } = watched([goesOn, standsStill, standsStill, goesOn, goesOn]);
  await wait();
  expect([asked.size, states(), back().toSorted()]).toEqual([5, ["online"], ["1", "2"]]);
});

test("one against one is no change, and the one that stands still is asked last", async () => {
  const { relays, wait, back, states } = watched([standsStill, goesOn]);
  await wait();
  expect([states(), back()]).toEqual([["online"], ["0"]]);
  relays[1] = standsStill;
  await wait();
  expect([states(), back()]).toEqual([["online", "stalled"], []]);
  relays[1] = goesOn;
  await wait();
  expect([states(), back()]).toEqual([["online", "stalled"], ["0"]]);
});

test("a relay that hangs keeps nobody waiting, and nothing is left behind", async () => {
  const { wait, states, signal } = watched([hangs, goesOn, goesOn]);
  await wait(3000);
  expect(states()).toEqual(["online"]);
  await wait();
  expect(getEventListeners(signal, "abort")).toHaveLength(1);
});
