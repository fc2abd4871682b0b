import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { readRelays } from "../../../src/chain/actions/readRelays.ts";
import type { Chain } from "../../../src/chain/chain.ts";
import { createBucket, hanging, limited, slow } from "../../support/hardRelays.ts";
import { relayStorage, storedRelay } from "../../support/relayStorage.ts";
import { settled } from "../../support/settled.ts";
import { type ShardRelay, type State, shardedChain, stateWith } from "../../support/shardedChain.ts";

/** The list of relays by relays that limit their rate, answer slowly or not at all. */

// Loading takes no part of a time that is measured here.
beforeAll(async () => void (await readRelays(through([{}]).chain)));
beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] }));
afterEach(() => {
  vi.useRealTimers();
});

const some = Array.from({ length: 200 }, (_, at) => storedRelay(at + 1));
const ids = (relays: readonly { id: number }[]) => relays.map(({ id }) => id);
const state = stateWith(relayStorage(some));
const many = Array.from({ length: 1000 }, (_, at) => storedRelay(at + 1));
type Lie = NonNullable<ShardRelay["lie"]>;
const through = (relays: ShardRelay[], states: Record<number, State> = { 0: state }) =>
  shardedChain(relays, { head: 600, states });
const read = (chain: Chain) => settled(readRelays(chain));
const proofsOf = (asked: string[]) => asked.filter((one) => one.includes("getProof"));
const countOf = (asked: string[], relay: number) => proofsOf(asked).filter((one) => one.startsWith(`${relay} `)).length;

describe("relays of which many", () => {
  test("say nothing hold the others up once", async () => {
    const began = Date.now();
    const { asked, chain } = through([...Array.from({ length: 6 }, () => ({ lie: hanging })), {}, {}]);
    expect(ids(await read(chain))).toEqual(ids(some));
    // A second and a half for each where all of them are asked first, for the root.
    expect(Date.now() - began).toBeLessThan(15_000);
    for (const relay of [0, 1, 2, 3, 4, 5]) expect(countOf(asked, relay)).toBeLessThan(4);
  });

  test("are slow have less to do than those that are not", async () => {
    const { asked, chain } = through([{ lie: slow(1500) }, {}, {}, { lie: slow(1500) }]);
    const began = Date.now();
    expect(ids(await read(chain))).toEqual(ids(some));
    expect(Date.now() - began).toBeLessThan(15_000);
    expect(countOf(asked, 0) + countOf(asked, 3)).toBeLessThan(proofsOf(asked).length / 4);
  });
});

describe("a relay that limits its rate", () => {
  test("is asked again when it said, and has not failed", async () => {
    const bucket = createBucket({ burst: 60, perSecond: 20 });
    expect(ids(await read(through([{ lie: limited(bucket) }]).chain))).toEqual(ids(some));
    expect(bucket.refused()).toBeGreaterThan(0);
  });

  test("and never has anything left keeps nobody else from answering", async () => {
    const none = limited(createBucket({ burst: 0, perSecond: 0.001 }));
    const proofs: Lie = (method, result, params) => (method === "eth_getProof" ? none(method, result, params) : result);
    // The others fail once each, as one does that is a block behind.
    const once = (): Lie => {
      let times = 0;
      return (method, result, params) =>
        method === "eth_getProof" && (params[1] as unknown[]).length > 0 && times++ === 0 ? null : result;
    };
    const { asked, chain } = through([{ lie: proofs }, { lie: once() }, { lie: once() }]);
    expect(ids(await read(chain))).toEqual(ids(some));
    expect(countOf(asked, 0)).toBeLessThan(8);
  });

  test("keeps half of it for whoever asks something else from the same address", async () => {
    const relay = createBucket({ burst: 400, perSecond: 50 });
    const { chain } = through([{ lie: limited(relay) }], { 0: stateWith(relayStorage(many)) });
    let refused = 0;
    const askElse = () => {
      if (relay.take(5) > 0) refused++;
      setTimeout(askElse, 250);
    };
    askElse();
    expect(ids(await read(chain))).toEqual(ids(many));
    expect(refused + relay.refused()).toBe(0);
  });
});

describe("a long list", () => {
  /** Answers so many questions for proofs, and then none. */
  const ending = (left: number): NonNullable<ShardRelay["lie"]> => {
    return (method, result) => {
      if (method === "eth_getProof" && left-- <= 0) throw new TypeError("fetch failed");
      return result;
    };
  };

  test("goes on where the last try has ended, also at a later block", async () => {
    const relays: ShardRelay[] = [{ lie: ending(60) }];
    const options = { head: 600, states: { 0: state } };
    const { asked, chain } = shardedChain(relays, options);
    await expect(read(chain)).rejects.toMatchObject({ code: "CHAIN_UNREACHABLE" });
    const before = proofsOf(asked).length;
    relays[0] = {};
    options.head = 700;
    expect(ids(await read(chain))).toEqual(ids(some));
    expect(proofsOf(asked).length - before).toBeLessThan(20);
  });

  test("begins anew where the registry has changed", async () => {
    const relays: ShardRelay[] = [{ lie: ending(60) }];
    const changed = some.map((relay) => ({ ...relay, endpoint: relay.endpoint.replace("relay", "moved") }));
    const options = { head: 600, states: { 0: state, 700: stateWith(relayStorage(changed)) } };
    const { chain } = shardedChain(relays, options);
    await expect(read(chain)).rejects.toMatchObject({ code: "CHAIN_UNREACHABLE" });
    relays[0] = {};
    options.head = 700;
    const found = await read(chain);
    expect(found.map(({ endpoint }) => endpoint)).toEqual(changed.map(({ endpoint }) => endpoint));
  });

  test("is given out by parts meanwhile, which whoever answers cannot choose", async () => {
    const firstOf = async () => {
      const parts: number[][] = [];
      const { chain } = through([{ lie: ending(60) }]);
      const reading = readRelays(chain, { onSome: (relays) => void parts.push(ids(relays)) });
      await expect(settled(reading)).rejects.toMatchObject({ code: "CHAIN_UNREACHABLE" });
      const sizes = parts.map(({ length }) => length);
      expect(sizes[0]).toBe(16);
      expect(sizes).toEqual([...new Set(sizes)].toSorted((one, other) => one - other));
      expect(parts.flat().every((id) => ids(some).includes(id))).toBe(true);
      return parts[0];
    };
    const [one, other] = [await firstOf(), await firstOf()];
    expect(one).not.toEqual(other);
  });
});
