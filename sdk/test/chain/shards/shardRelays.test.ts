import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { readShardedIdentities } from "../../../src/chain/actions/readShardedIdentities.ts";
import { encodeManifest } from "../../../src/chain/shards/manifest.ts";
import { encodeShard } from "../../../src/chain/shards/shard.ts";
import { trieRoot } from "../../../src/chain/shards/trieRoot.ts";
import { toHex } from "../../../src/crypto/bytes.ts";
import { leavesOf, registryStorage } from "../../support/registryStorage.ts";
import { emptyBlock, sealBlock, validators } from "../../support/sealedBlocks.ts";
import { fakeTime, settled } from "../../support/settled.ts";
import { type ShardRelay, shardedChain, stateWith } from "../../support/shardedChain.ts";

/** Relays without shards cost next to nothing, and what a relay does to a reader costs time and bytes within limits. */

beforeEach(fakeTime);
afterEach(() => {
  vi.useRealTimers();
});

const people = Array.from({ length: 60 }, (_, at) => ({ id: at + 1, name: `person${at + 1}` }));
const words = registryStorage(people);
const now = stateWith(words);
const before = stateWith(registryStorage(people.map((one) => (one.id === 1 ? { ...one, name: "old" } : one))));
const queries = people.map(({ name }) => ({ name }));
const expected = people.map(({ name }) => name);
const names = (found: { record: { name: string } | undefined }[]) => found.map(({ record }) => record?.name);
const through = (relays: ShardRelay[]) => shardedChain(relays, { head: 600, states: { 0: before, 300: now } });
const partsAsked = (asked: string[]) => asked.filter((one) => !one.includes("eth_") && !one.endsWith(" latest"));
const askedWhether = (asked: string[]) => asked.filter((one) => /^\d+ latest$/.test(one)).toSorted();
const rootProofs = (asked: string[]) => asked.filter((one) => one.includes("eth_getProof 0 "));

/** How many seconds it took by the clock of the test. */
async function timed<T>(work: () => Promise<T>): Promise<{ result: T; seconds: number }> {
  let seconds = 0;
  const tick = () => {
    seconds++;
    timer = setTimeout(tick, 1_000);
  };
  let timer = setTimeout(tick, 1_000);
  const result = await settled(work());
  clearTimeout(timer);
  return { result, seconds };
}

/** A byte every second without end, whoever stops reading. */
const drip = () =>
  new ReadableStream<Uint8Array>({
    async pull(controller) {
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      controller.enqueue(Uint8Array.of(1));
    },
    cancel: () => new Promise(() => undefined),
  });
const page = () => new Response("<!doctype html><p>Welcome</p>".repeat(200));
const never = () => new Response(new ReadableStream({ pull: () => new Promise(() => undefined) }));

describe("relays without shards", () => {
  test("are asked once each, before the chain is asked for anything; all is read by proof", async () => {
    const { asked, chain } = through([{ latest: null }, { latest: null }, { latest: null }]);
    expect(names(await readShardedIdentities(chain, queries.slice(0, 3)))).toEqual(expected.slice(0, 3));
    expect(asked.slice(0, 3).toSorted()).toEqual(["0 latest", "1 latest", "2 latest"]);
    expect(askedWhether(asked)).toHaveLength(3);
    expect([partsAsked(asked), rootProofs(asked)]).toEqual([[], []]);
    asked.length = 0;
    expect(names(await readShardedIdentities(chain, queries.slice(3, 5)))).toEqual(expected.slice(3, 5));
    expect([askedWhether(asked), partsAsked(asked), rootProofs(asked)]).toEqual([[], [], []]);
  });

  test.each<[string, ShardRelay["latest"]]>([
    ["answers with a page", page],
    ["answers with other JSON", () => JSON.stringify({ block: "512" })],
    ["says that it has none", () => JSON.stringify({ block: null })],
    ["says no, as relays of before", null],
  ])("one that %s is asked for no part, once, and is good for proofs", async (_, latest = null) => {
    const { asked, chain } = through([{ latest }, {}]);
    expect(names(await readShardedIdentities(chain, queries))).toEqual(expected);
    expect(names(await readShardedIdentities(chain, queries))).toEqual(expected);
    expect(partsAsked(asked).filter((one) => one.startsWith("0"))).toEqual([]);
    expect(askedWhether(asked)).toEqual(["0 latest", "1 latest"]);
    for (let tries = 0; tries < 20 && !rootProofs(asked).some((one) => one.startsWith("0")); tries++)
      await readShardedIdentities(chain, queries.slice(0, 1));
    expect(rootProofs(asked).some((one) => one.startsWith("0"))).toBe(true);
  });

  test.each<[string, ShardRelay["latest"]]>([
    ["has none yet", () => JSON.stringify({ block: 0 })],
    ["has trouble", () => new Response("", { status: 502 })],
    ["has too many questions", () => new Response("", { status: 429 })],
  ])("one that %s is asked again the next time", async (_, latest) => {
    let answer = latest;
    const { asked, chain } = through([{ latest: () => answer?.() ?? JSON.stringify({ block: 512 }) }, {}]);
    await readShardedIdentities(chain, queries);
    expect(partsAsked(asked).filter((one) => one.startsWith("0"))).toEqual([]);
    answer = undefined;
    await readShardedIdentities(chain, queries);
    expect(partsAsked(asked).filter((one) => one.startsWith("0")).length).toBeGreaterThan(0);
  });

  test("one that says nothing at all is waited for three seconds", async () => {
    const { asked, chain } = through([{ latest: never }, { latest: drip }, {}, {}]);
    const { result, seconds } = await timed(() => readShardedIdentities(chain, queries));
    expect(names(result)).toEqual(expected);
    expect(seconds).toBeLessThanOrEqual(3);
    expect(partsAsked(asked).filter((one) => /^[01]/.test(one))).toEqual([]);
  });
});

describe("a relay that", () => {
  test.each<[string, ShardRelay, number]>([
    ["drips every part", { part: drip }, 14],
    ["never ends a part", { part: never }, 14],
    ["has too many questions for ever", { part: () => new Response("", { status: 429 }) }, 0],
  ])("%s does not keep a reader from what the others have", async (_, relay, most) => {
    for (let tries = 0; tries < 4; tries++) {
      const { chain } = through([relay, {}, {}]);
      const { result, seconds } = await timed(() => readShardedIdentities(chain, queries));
      expect(names(result)).toEqual(expected);
      expect(new Set(result.map(({ block }) => block))).toEqual(new Set([512n]));
      expect(seconds).toBeLessThanOrEqual(most);
    }
  });

  test.each<[string, ShardRelay]>([
    ["drips every part", { part: drip }],
    ["drips every shard", { part: (bytes, path) => (path.startsWith("manifests/") ? bytes : drip()) }],
    ["has too many questions for ever", { part: () => new Response("", { status: 429 }) }],
  ])("%s, as all others do, delays a reader by 20 seconds", async (_, relay) => {
    const { chain } = through([relay, relay, relay, relay]);
    const { result, seconds } = await timed(() => readShardedIdentities(chain, queries));
    expect(names(result)).toEqual(expected);
    expect(seconds).toBeLessThanOrEqual(21);
  });

  test("gives bytes without end: so many are read and no more", async () => {
    let given = 0;
    const endless = () =>
      new ReadableStream<Uint8Array>({
        pull(controller) {
          given += 65_536;
          controller.enqueue(new Uint8Array(65_536));
        },
      });
    const { chain } = through([{ part: endless }, { part: endless }, { part: endless }]);
    expect(names(await readShardedIdentities(chain, queries.slice(0, 1)))).toEqual(expected.slice(0, 1));
    expect(given).toBeLessThan(3 * 2.3 * 1024 * 1024);
  });

  test("announces more than a shard may have is not read, and is good for the next one", async () => {
    const large = [...now.parts.keys()].filter((path) => !path.startsWith("manifests/")).slice(0, 2);
    const pulled: string[] = [];
    const part: ShardRelay["part"] = (bytes, path) =>
      large.includes(path)
        ? new Response(new ReadableStream({ pull: () => void pulled.push(path) }, { highWaterMark: 0 }), {
            headers: { "Content-Length": "262145" },
          })
        : bytes;
    const { asked, chain } = through([{ part }, { part }, { part }]);
    const found = await readShardedIdentities(chain, queries);
    expect([names(found), new Set(found.map(({ block }) => block))]).toEqual([expected, new Set([512n, undefined])]);
    expect(pulled).toEqual([]);
    expect(partsAsked(asked).filter((one) => large.some((path) => one.endsWith(path)))).toHaveLength(6);
  });

  test("names shards that only it has: is asked for them after the one whose turn it was, and gives them", async () => {
    const root = [...now.parts.keys()].find((path) => path.startsWith("manifests/")) as string;
    const uncut = stateUncut();
    const other: ShardRelay = {
      part: (bytes, path) => (path.startsWith("manifests/") || uncut.shard === path ? undefined : bytes),
    };
    const relay: ShardRelay = {
      made: new Map([
        [root, uncut.manifest],
        [uncut.shard, uncut.body],
      ]),
    };
    const { asked, chain } = through([other, other, other, other, relay]);
    const found = await readShardedIdentities(chain, queries);
    expect([names(found), new Set(found.map(({ block }) => block))]).toEqual([expected, new Set([512n])]);
    const shardAsked = partsAsked(asked).filter((one) => one.endsWith(` ${uncut.shard}`));
    expect(shardAsked.length).toBeLessThanOrEqual(2);
    expect(shardAsked.at(-1)).toBe(`4 ${uncut.shard}`);
  });

  test("names shards and withholds them: is asked for nothing after a while, and in no later read", async () => {
    const isManifest = (path: string) => path.startsWith("manifests/");
    const liar: ShardRelay = { part: (bytes, path) => (isManifest(path) ? bytes : undefined) };
    const none: ShardRelay = { part: () => undefined };
    const { asked, chain } = through([liar, none, none, none]);
    expect(names(await readShardedIdentities(chain, queries))).toEqual(expected);
    // 3 of each, and what was under way.
    expect(partsAsked(asked).length).toBeLessThan(4 * 40);
    asked.length = 0;
    expect(names(await readShardedIdentities(chain, queries.slice(0, 2)))).toEqual(expected.slice(0, 2));
    expect(partsAsked(asked).filter((one) => one.startsWith("0"))).toEqual([]);
  });

  test.each<[string, ShardRelay]>([
    [
      "shows an older block as the one that was asked for",
      {
        lie: (method, result, params) =>
          method === "eth_getBlockByNumber" && params[0] === "0x200"
            ? sealBlock({ ...emptyBlock(256), stateRoot: before.stateRoot }, { set: validators(4) })
            : result,
      },
    ],
    [
      "shows the registry as it was",
      {
        lie: (method, result, params) =>
          method === "eth_getProof" && params[2] === "0x200" ? before.prove(params[1] as []) : result,
      },
    ],
  ])("%s leads nobody back", async (_, liar) => {
    for (let tries = 0; tries < 8; tries++) {
      const { chain } = through([liar, {}, {}]);
      const found = await readShardedIdentities(chain, [{ name: "old" }, { name: "person1" }]);
      expect(names(found)).toEqual([undefined, "person1"]);
    }
  });
});

/** The same storage, as one shard. */
function stateUncut() {
  const leaves = leavesOf(words);
  const root = trieRoot(leaves);
  return {
    shard: toHex(root).slice(2),
    manifest: encodeManifest({ depth: 0, hashes: [root] }),
    body: encodeShard(leaves, 0),
  };
}
