import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { readRelays } from "../../../src/chain/actions/readRelays.ts";
import type { Chain } from "../../../src/chain/chain.ts";
import { createBucket, hanging, limited, slow } from "../../support/hardRelays.ts";
import { relayStorage, storedRelay } from "../../support/relayStorage.ts";
import { settled } from "../../support/settled.ts";
import { type ShardRelay, shardedChain, stateWith } from "../../support/shardedChain.ts";

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
const through = (relays: ShardRelay[]) => shardedChain(relays, { head: 600, states: { 0: state } });
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
});
