import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Chain } from "../../src/chain/chain.ts";
import type { RpcEndpoint } from "../../src/chain/types.ts";
import { watchChain } from "../../src/client/watchChain.ts";

type Relay = (second: number) => number | undefined;

const goesOn: Relay = (second) => 100 + second;
const standsStill: Relay = () => 100;
const isAway: Relay = () => undefined;
const lies: Relay = (second) => 9_000_000 + second;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Relays of one operator each for a while. */
function watched(relays: Relay[]) {
  const from = Date.now();
  const told: { state: string; head: bigint }[] = [];
  let back: string[] = [];
  const closing = new AbortController();
  const chain = {
    rpc: {
      endpoints: () => relays.map((_, at) => ({ url: String(at), operator: String(at) })),
      async requestAt({ url }: RpcEndpoint) {
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
  return { relays, told, states, back: () => back, wait: () => vi.advanceTimersByTimeAsync(60_000) };
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
