import { getAddress } from "viem";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { readIdentity } from "../../../src/chain/actions/readIdentity.ts";
import { readShardedIdentities } from "../../../src/chain/actions/readShardedIdentities.ts";
import type { IdentityQuery } from "../../../src/chain/types.ts";
import { knownOf } from "../../../src/chain/verified/known.ts";
import { ownerOf, publicIdOf, registryStorage } from "../../support/registryStorage.ts";
import { sealBlock, validators } from "../../support/sealedBlocks.ts";
import { fakeTime, settled } from "../../support/settled.ts";
import { type ShardRelay, type State, shardedChain, stateWith } from "../../support/shardedChain.ts";

/** Many identities out of shards, as relays give them out that do right, and that do not. */

beforeEach(fakeTime);
afterEach(() => {
  vi.useRealTimers();
});

const long = "a-name-that-does-not-fit-into-one-word-of-storage";
const people = Array.from({ length: 40 }, (_, at) => ({ id: at + 1, name: at === 7 ? long : `person${at + 1}` }));
const now = stateWith(registryStorage(people));
/** Before the last three came, and with another name of the first. */
const before = stateWith(
  registryStorage(people.slice(0, -3).map((one) => (one.id === 1 ? { ...one, name: "old" } : one))),
);
const head = 600;
const through = (relays: ShardRelay[], states: Record<number, State> = { 0: before, 300: now }) =>
  shardedChain(relays, { head, states });

const queries: IdentityQuery[] = [
  ...people.map(({ name }) => ({ name })),
  ...[{ publicId: publicIdOf(3) }, { owner: getAddress(ownerOf(4)) }, { id: 5n }],
];
const names = (found: { record: { name: string } | undefined }[]) => found.map(({ record }) => record?.name);
const expected = [...people.map(({ name }) => name), "person3", "person4", "person5"];
/** Proofs of words, which shards are there to save. */
const wordProofs = (asked: string[]) => asked.filter((one) => /eth_getProof [^0]/.test(one));
const partsOf = (asked: string[], relay: number) =>
  asked.filter((one) => one.startsWith(`${relay} `) && !one.includes("eth_") && !one.endsWith(" latest"));
const flip = (bytes: Uint8Array<ArrayBuffer>) => bytes.map((byte, at) => (at === bytes.length - 1 ? byte ^ 1 : byte));
const isManifest = (path: string) => path.startsWith("manifests/");
/** Some shard of the state: it holds words of several people, not of all. */
const [someShard] = [...now.parts.keys()] as [string];

test("what shards say of people is what a proof says of each, as of the last block whose number 256 divides", async () => {
  const { asked, chain } = through([{}, {}, {}]);
  expect(now.depth).toBe(1);
  const found = await readShardedIdentities(chain, queries);
  expect(names(found)).toEqual(expected);
  expect(new Set(found.map(({ block }) => block))).toEqual(new Set([512n]));
  expect(wordProofs(asked)).toEqual([]);
  // Each part once, from all relays in turn.
  const parts = [0, 1, 2].map((relay) => partsOf(asked, relay));
  expect(new Set(parts.flat().map((one) => one.slice(2))).size).toBe(parts.flat().length);
  expect(Math.min(...parts.map(({ length }) => length))).toBeGreaterThan(3);
  for (const at of [0, 7, 40, 41, 42])
    expect(found[at]?.record).toEqual(await readIdentity(chain, queries[at] as IdentityQuery, { quorum: true }));
});

test("nobody is found who is not there, and that is proven, too", async () => {
  const { asked, chain } = through([{}, {}]);
  const nobody = [{ name: "old" }, { name: "nobody" }, { id: 99n }, { publicId: publicIdOf(99) }];
  expect(await readShardedIdentities(chain, nobody)).toEqual(nobody.map(() => ({ record: undefined, block: 512n })));
  expect(wordProofs(asked)).toEqual([]);
});

test("a name that is not in normal form is nobody's", async () => {
  const { chain } = through([{}, {}], { 0: stateWith(registryStorage([...people, { id: 41, name: "Person1" }])) });
  expect(await readShardedIdentities(chain, [{ id: 41n }])).toEqual([{ record: undefined, block: 512n }]);
});

test("the state of the period before serves as long as nobody has made shards of the last one", async () => {
  const behind: ShardRelay = { part: (bytes, path) => (before.parts.has(path) ? bytes : undefined) };
  const { chain } = through([behind, behind]);
  const found = await readShardedIdentities(chain, [{ name: "old" }, { name: "person40" }]);
  expect(found).toMatchObject([{ record: { id: 1n }, block: 256n }, { block: 256n }]);
  expect(found[1]?.record).toBeUndefined();
});

describe("a relay that gives something else", () => {
  const manifestOfBefore = [...before.parts].find(([path]) => isManifest(path))?.[1] as Uint8Array<ArrayBuffer>;
  test.each<[string, NonNullable<ShardRelay["part"]>]>([
    ["a flipped bit in every part", flip],
    ["a flipped bit in every shard", (bytes, path) => (isManifest(path) ? bytes : flip(bytes))],
    ["nothing at all", () => new Uint8Array()],
    ["the manifest of an older state", (bytes, path) => (isManifest(path) ? manifestOfBefore : bytes)],
    ["another shard", (bytes, path) => (isManifest(path) ? bytes : (now.parts.get(someShard) as typeof bytes))],
  ])("%s: is left, and the others are asked", async (_, part) => {
    // The manifest is asked of one only: until that one was the liar.
    for (let tries = 0; tries < 40; tries++) {
      const { asked, chain } = through([{ part }, {}, {}]);
      expect(names(await readShardedIdentities(chain, queries))).toEqual(expected);
      expect(wordProofs(asked)).toEqual([]);
      const wasAsked = partsOf(asked, 0).length > 0;
      asked.length = 0;
      expect(names(await readShardedIdentities(chain, queries))).toEqual(expected);
      if (wasAsked && partsOf(asked, 0).length === 0) return;
    }
    throw new Error("It was asked again each time.");
  });

  test("is asked for little more where it has no parts, and for proofs as before", async () => {
    const { asked, chain } = through([{ part: () => undefined }, {}, {}]);
    expect(names(await readShardedIdentities(chain, queries))).toEqual(expected);
    expect(partsOf(asked, 0).length).toBeLessThan(10);
  });

  test("says that it was asked too much: is asked again, as often as it takes", async () => {
    const busy = (): ShardRelay => {
      let refused = 0;
      const part = (bytes: Uint8Array<ArrayBuffer>) =>
        ++refused % 3 === 0 ? bytes : new Response("", { status: 429, headers: { "Retry-After": "1" } });
      return { part };
    };
    const { asked, chain } = through([busy(), busy()]);
    const found = await settled(readShardedIdentities(chain, queries));
    expect(names(found)).toEqual(expected);
    expect(wordProofs(asked)).toEqual([]);
  });

  test("more than a part may have: nobody reads on", async () => {
    let given = 0;
    const endless = () =>
      new ReadableStream({
        pull(controller) {
          given += 65_536;
          controller.enqueue(new Uint8Array(65_536));
        },
      });
    const { chain } = through([
      { part: (bytes, path) => (path === someShard ? endless() : bytes) },
      { part: (bytes, path) => (path === someShard ? endless() : bytes) },
    ]);
    expect(names(await readShardedIdentities(chain, queries))).toEqual(expected);
    expect(given).toBeLessThan(4 * 1024 * 1024);
  });
});

describe("what no relay gives is read by proof, and the rest out of shards", () => {
  test("a shard that is missing everywhere", async () => {
    const part: ShardRelay["part"] = (bytes, path) => (path === someShard ? undefined : bytes);
    const { asked, chain } = through([{ part }, { part }]);
    const found = await readShardedIdentities(chain, queries);
    expect(names(found)).toEqual(expected);
    expect(new Set(found.map(({ block }) => block))).toEqual(new Set([512n, undefined]));
    expect(wordProofs(asked).length).toBeGreaterThan(0);
  });

  test("a shard with a flipped bit everywhere: nobody is asked for shards again", async () => {
    const part: ShardRelay["part"] = (bytes, path) => (path === someShard ? flip(bytes) : bytes);
    const { asked, chain } = through([{ part }, { part }]);
    expect(names(await readShardedIdentities(chain, queries))).toEqual(expected);
    expect(wordProofs(asked).length).toBeGreaterThan(0);
    asked.length = 0;
    expect(names(await readShardedIdentities(chain, queries.slice(0, 2)))).toEqual(expected.slice(0, 2));
    expect(asked.filter((one) => !one.includes("eth_"))).toEqual([]);
  });

  test("relays that say they have shards, and have none", async () => {
    const { chain } = through([{ part: () => undefined }, { part: () => undefined }]);
    const found = await readShardedIdentities(chain, [{ name: "person1" }, { name: "nobody" }]);
    expect(names(found)).toEqual(["person1", undefined]);
    expect(found.map(({ block }) => block)).toEqual([undefined, undefined]);
  });

  test("validators that have changed since the last period: nobody here vouches for the older ones", async () => {
    const set = (number: number) => validators(number >= 550 ? 5 : 4);
    const { asked, chain } = shardedChain([{}, {}], { head, states: { 0: now }, set });
    expect(await readShardedIdentities(chain, [{ name: "person1" }])).toMatchObject([{ record: { id: 1n } }]);
    expect([0, 1].flatMap((relay) => partsOf(asked, relay))).toEqual([]);
  });

  test("a chain in its second period, without shards of it yet: nobody seals a first block", async () => {
    const none = { part: () => undefined };
    const { asked, chain } = shardedChain([none, none], { head: 300, states: { 0: now } });
    expect(await readShardedIdentities(chain, [{ name: "person1" }])).toMatchObject([{ record: { id: 1n } }]);
    expect(asked.filter((one) => one.endsWith(" 0x0"))).toEqual([]);
  });

  const lie: ShardRelay["lie"] = (method, result, params) =>
    method === "eth_getProof" && params[2] !== "0x258" ? null : result;

  test("some nodes that have forgotten the state of that block, and are no liars", async () => {
    for (let tries = 0; tries < 8; tries++) {
      const { chain } = through([{ lie }, { lie }, {}]);
      expect(await readShardedIdentities(chain, [{ name: "person1" }])).toMatchObject([{ block: 512n }]);
      const known = await knownOf(chain);
      expect([0, 1].filter((relay) => known.isLeft(`operator ${relay}`))).toEqual([]);
    }
  });

  test("all nodes have forgotten the state of that block", async () => {
    const { chain } = through([{ lie }, { lie }]);
    const reading = readShardedIdentities(chain, [{ name: "person1" }]);
    expect(await settled(reading)).toMatchObject([{ record: { id: 1n } }]);
  });
});

describe("another root than the one in the sealed block is believed of nobody", () => {
  const made = stateWith(registryStorage([{ id: 1, name: "person2" }]));
  const isOld = (number: unknown) => number === "0x200" || number === "0x100";
  const rootOf: (seal: (block: object) => object | Promise<object>) => ShardRelay = (seal) => ({
    lie: (method, result, params) => {
      if (method === "eth_getProof" && isOld(params[2])) return made.prove(params[1] as []);
      return method === "eth_getBlockByNumber" && isOld(params[0])
        ? seal({ ...result, stateRoot: made.stateRoot })
        : result;
    },
    made: made.parts,
  });
  const strangers = validators(4, 50);
  const known = validators(4);
  test.each<[string, ShardRelay]>([
    ["a header that has another hash", rootOf((block) => block)],
    ["a header that strangers sealed", rootOf((block) => sealBlock({ ...block }, { set: strangers }))],
    [
      "a header that two of four sealed",
      rootOf((block) => sealBlock({ ...block }, { set: known, by: known.slice(0, 2) })),
    ],
    [
      "a proof of another state",
      {
        lie: (method, result, params) =>
          method === "eth_getProof" && isOld(params[2]) ? made.prove(params[1] as []) : result,
      },
    ],
  ])("%s", async (_, liar) => {
    // Whom a read asks first is chance.
    for (let tries = 0; tries < 12; tries++) {
      const { chain } = through([liar, {}, {}]);
      expect(await readShardedIdentities(chain, [{ name: "person2" }])).toMatchObject([{ record: { id: 2n } }]);
    }
  });
});

describe("who asks", () => {
  test("may give up, before and while relays are silent", async () => {
    const { asked, chain } = through([{}, {}]);
    await expect(readShardedIdentities(chain, queries, AbortSignal.abort())).rejects.toMatchObject({ code: "ABORTED" });
    expect(asked).toEqual([]);
    const giveUp = new AbortController();
    const silent: typeof fetch = (input, init) => {
      if (!String(input).includes("/shards/")) return (chain.fetch as typeof fetch)(input, init);
      queueMicrotask(() => giveUp.abort());
      return new Promise((_, reject) => init?.signal?.addEventListener("abort", () => reject(init.signal?.reason)));
    };
    const reading = readShardedIdentities({ ...chain, fetch: silent }, queries, giveUp.signal);
    await expect(reading).rejects.toMatchObject({ code: "ABORTED" });
    expect(wordProofs(asked)).toEqual([]);
  });

  test("asks for 512 people at most at a time, and for none without a request", async () => {
    const { asked, chain } = through([{}, {}]);
    const many = Array.from({ length: 513 }, (_, at) => ({ id: BigInt(at) }));
    await expect(readShardedIdentities(chain, many)).rejects.toMatchObject({ code: "INPUT_INVALID" });
    expect(await readShardedIdentities(chain, [])).toEqual([]);
    expect(asked).toEqual([]);
    expect(await readShardedIdentities(chain, many.slice(0, 512))).toHaveLength(512);
  });

  test("learns why nothing can be proven", async () => {
    const lie = () => null;
    const { chain } = through([{ lie }, { lie }]);
    const reading = settled(readShardedIdentities(chain, queries));
    await expect(reading).rejects.toMatchObject({ code: "CHAIN_UNREACHABLE" });
  });
});
