import { getAddress, type Hex, numberToHex } from "viem";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { readRelays } from "../../../src/chain/actions/readRelays.ts";
import type { Chain } from "../../../src/chain/chain.ts";
import { relayList, relayStorage, type StoredRelay, storedRelay } from "../../support/relayStorage.ts";
import { fakeTime, settled } from "../../support/settled.ts";
import { type ShardRelay, type State, shardedChain, stateWith } from "../../support/shardedChain.ts";

/** The list of relays out of the registry's storage, by relays that do right, and that do not. */

beforeEach(fakeTime);
afterEach(() => {
  vi.useRealTimers();
});

const longest = `http://${"a".repeat(240)}.test/x`;
const stored = [
  storedRelay(3),
  { ...storedRelay(1), region: "r".repeat(32), endpoint: longest },
  { ...storedRelay(7), endpoint: "http://exactly-31-bytes-long.test/" },
  { ...storedRelay(8), endpoint: "http://a-byte-more-32-long.test/" },
];
const now = stateWith(relayStorage(stored));
const listed = (relays: readonly StoredRelay[]) =>
  relays.map((relay) => ({
    ...{ ...relay, operator: getAddress(relay.operator) },
    endpoint: relay.endpoint.replace(/\/+$/, ""),
  }));
const through = (relays: ShardRelay[], states: Record<number, State> = { 0: now }, head = 600) =>
  shardedChain(relays, { head, states });
const read = (chain: Chain) => settled(readRelays(chain, { quorum: true }));
const proofsOf = (asked: string[]) => asked.filter((one) => one.includes("getProof"));

type Proof = { storageProof: { value: Hex; proof: Hex[] }[] };
type Lie = NonNullable<ShardRelay["lie"]>;
const ofProofs =
  (lie: (proof: Proof, slots: number) => unknown): Lie =>
  (method, result, params) =>
    method === "eth_getProof" ? lie(result as unknown as Proof, (params[1] as []).length) : result;
const change = ({ value }: { value: Hex }) => numberToHex(BigInt(value) + 1n);
const changed = ofProofs((said) => ({
  ...said,
  storageProof: said.storageProof.map((one) => ({ ...one, value: change(one) })),
}));
/** A list of its own, with proofs that fit together, and no seal over it. */
const captured = stateWith(relayStorage([storedRelay(66)]));
const invented: Lie = (method, result, params) =>
  method === "eth_getProof" ? captured.prove(params[1] as Hex[]) : result;

describe("the list of relays", () => {
  test("is what the registry's storage has, in its order, by few questions and no word of a contract's", async () => {
    expect([stored[2]?.endpoint.length, stored[3]?.endpoint.length]).toEqual([34, 32]);
    const { asked, chain } = through([{}, {}, {}]);
    expect(await read(chain)).toEqual(listed(stored));
    expect(proofsOf(asked).length).toBeLessThan(8);
    expect(asked.filter((one) => one.includes("eth_call"))).toEqual([]);
  });

  test("lacks those whose address nobody can use", async () => {
    const odd = ["", "ftp://relay.test", "http://me:secret@relay.test"].map((endpoint, at) => ({
      ...storedRelay(20 + at),
      endpoint,
    }));
    const { chain } = through([{}, {}], { 0: stateWith(relayStorage([...odd, storedRelay(3)])) });
    expect((await read(chain)).map(({ id }) => id)).toEqual([3]);
  });

  test("is not read anew as long as the registry's storage is the same", async () => {
    const next = stateWith(relayStorage([storedRelay(3)]));
    let head = 600;
    // The third one says what the newest block is, the others show it.
    const relays: ShardRelay[] = [{}, {}, {}];
    const seen = through(relays, { 0: now, 700: next }, 800);
    const third = { url: "http://relay2.test/rpc", operator: "third" };
    const lie: Lie = (method, result, params) =>
      method === "eth_getBlockByNumber" && params[0] === "latest"
        ? seen.chain.rpc.requestAt(third, method, [numberToHex(head), false])
        : result;
    relays.fill({ lie }, 0, 2);
    const endpoints = seen.chain.rpc.endpoints().slice(0, 2);
    const chain = { ...seen.chain, rpc: { ...seen.chain.rpc, endpoints: () => endpoints } };
    expect(await read(chain)).toEqual(listed(stored));
    seen.asked.length = 0;
    expect(await read(chain)).toEqual(listed(stored));
    expect(proofsOf(seen.asked)).toHaveLength(1);
    head = 800;
    expect(await read(chain)).toEqual(listed([storedRelay(3)]));
  });

  test("of some length is asked of many relays, each of which has little to do", async () => {
    const many = Array.from({ length: 150 }, (_, at) => storedRelay(at + 1));
    const relays = Array.from({ length: 10 }, () => ({}));
    const { asked, chain } = through(relays, { 0: stateWith(relayStorage(many)) });
    expect(await read(chain)).toEqual(listed(many));
    const proofs = proofsOf(asked);
    expect(proofs.every((one) => Number(one.split(" ")[2]) <= 16)).toBe(true);
    const counts = [...Map.groupBy(proofs, (one) => one.split(" ")[0]).values()].map(({ length }) => length);
    expect(counts).toHaveLength(8);
    expect(Math.max(...counts)).toBeLessThan(10);
  });

  test("ends after 1,000, however many there are said to be", async () => {
    const endless = relayStorage([storedRelay(3)]).set(relayList, 2n ** 200n);
    const { asked, chain } = through([{}, {}], { 0: stateWith(endless) });
    expect((await read(chain)).map(({ id }) => id)).toEqual([3]);
    // One for the root, one for the length, 1,000 places by 16, and what there is of entries.
    expect(proofsOf(asked).length).toBeLessThan(70);
  });
});

describe("a relay that says something else of the list", () => {
  test.each<[string, Lie]>([
    ["other words", changed],
    ["an own list with proofs that fit", invented],
    ["the root only as it is", ofProofs((proof, slots) => (slots === 0 ? proof : {}))],
    ["proofs without a node", ofProofs((proof) => ({ ...proof, accountProof: [] }))],
  ])("is found out and left: %s", async (_, lie) => {
    const { asked, chain } = through([{ lie }, {}, {}]);
    // Four parts or more, of three relays.
    expect(await read(chain)).toEqual(listed(stored));
    asked.length = 0;
    for (let times = 0; times < 5; times++) expect(await read(chain)).toEqual(listed(stored));
    expect(asked.filter((one) => one.startsWith("0 "))).toEqual([]);
    await chain.rpc.request("eth_blockNumber", []);
    expect(asked.at(-1)).not.toMatch(/^0 /);
  });

  test("is not believed where nobody shows the truth, however many say the same", async () => {
    const { chain } = through([{ lie: invented }, { lie: invented }, { lie: invented }]);
    await expect(read(chain)).rejects.toMatchObject({ code: "CHAIN_UNPROVEN" });
  });

  test("is not believed where it is the only one that is known", async () => {
    expect(await read(through([{}]).chain)).toEqual(listed(stored));
    await expect(read(through([{ lie: invented }]).chain)).rejects.toMatchObject({ code: "CHAIN_UNPROVEN" });
  });
});

describe("a relay that does not say it", () => {
  test("now and then is asked again, and the list is there", async () => {
    let questions = 0;
    const busy: Lie = (method, result) => {
      if (method === "eth_getProof" && ++questions % 3 === 0) throw new TypeError("fetch failed");
      return result;
    };
    const many = Array.from({ length: 60 }, (_, at) => storedRelay(at + 1));
    const { chain } = through([{ lie: busy }, { lie: busy }], { 0: stateWith(relayStorage(many)) });
    expect(await read(chain)).toEqual(listed(many));
  });

  test("is asked no more than a few times where others do", async () => {
    const silent: Lie = (method, result) => {
      if (method === "eth_getProof") throw new TypeError("fetch failed");
      return result;
    };
    const many = Array.from({ length: 60 }, (_, at) => storedRelay(at + 1));
    const { asked, chain } = through([{ lie: silent }, {}, {}], { 0: stateWith(relayStorage(many)) });
    expect(await read(chain)).toEqual(listed(many));
    expect(proofsOf(asked).filter((one) => one.startsWith("0 ")).length).toBeLessThan(10);
  });

  test("because it has no state of the block is no liar", async () => {
    const without: Lie = (method, result) => (method === "eth_getProof" ? null : result);
    const { asked, chain } = through([{ lie: without }, {}]);
    // Left, it would leave one witness of two, which is too few.
    for (let times = 0; times < 5; times++) expect(await read(chain)).toEqual(listed(stored));
    expect(proofsOf(asked).some((one) => one.startsWith("0 "))).toBe(true);
  });
});
