import { randomBytes } from "node:crypto";
import { isOrderEquivocation, orderTag } from "@skrumble/sdk/protocol";
import type { RelayInfo } from "@skrumble/sdk/relay";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Meddler, startMeddler } from "./support/meddler.ts";
import { poolOver } from "./support/pool.ts";
import { startTestRelay, type TestRelay } from "./support/relayProcess.ts";
import { numbered } from "./support/wire.ts";

let relays: TestRelay[];
let infos: RelayInfo[];
const cleanUps: (() => Promise<void>)[] = [];
afterAll(() => Promise.all(cleanUps.map((clean) => clean())));
beforeAll(async () => {
  relays = await Promise.all([1, 2, 3].map(() => startTestRelay({}, (clean) => cleanUps.push(clean))));
  infos = relays.map((relay, index) => relay.info(index + 1));
});

const leafOf = (tag: Uint8Array = randomBytes(32)) => new Uint8Array(Buffer.concat([tag, randomBytes(64)]));

test("two clients race at three relays: at each exactly one is first, and both hear of the same", async () => {
  const pools = [poolOver(infos), poolOver(infos)];
  for (let round = 0; round < 10; round++) {
    for (const { id } of infos) {
      const tag = randomBytes(32);
      const leaves = [leafOf(tag), leafOf(tag)] as const;
      const [a, b] = await Promise.all(
        pools.map((pool, index) => pool.order(id, leaves[index] as Uint8Array, numbered(index))),
      );
      expect([a?.own.position, b?.own.position].sort()).toEqual([0, 1]);
      expect(a?.first).toEqual(b?.first);
      expect(leaves.map(Buffer.from)).toContainEqual(Buffer.from(a?.first.leaf as Uint8Array));
    }
  }
});

test("the same again gives the same; the log comes with its bodies", async () => {
  const pool = poolOver(infos);
  const tag = randomBytes(32);
  const orders = [0, 1, 2].map((number) => ({ leaf: leafOf(tag), body: numbered(number, 512 << number) }));
  const answers = [];
  for (const { leaf, body } of orders) answers.push(await pool.order(1, leaf, body));
  expect(await pool.order(1, orders[1]?.leaf as Uint8Array, orders[1]?.body as Uint8Array)).toEqual(answers[1]);
  const log = await poolOver(infos).orderLog(1, tag);
  expect(log.map(({ body: _, ...entry }) => entry)).toEqual(answers.map(({ own }) => own));
  expect(log.map(({ body }) => Buffer.from(body))).toEqual(orders.map(({ body }) => Buffer.from(body)));
  expect(await pool.orderLog(2, tag)).toEqual([]);
});

test("what cannot be asked, what is refused, who is away and who stops are typed", async () => {
  const pool = poolOver(infos, { depositTimeout: 500 });
  const leaf = leafOf();
  await expect(pool.order(1, leaf.subarray(1), numbered(1))).rejects.toMatchObject({ code: "INPUT_INVALID" });
  await expect(pool.order(1, leaf, new Uint8Array(513))).rejects.toMatchObject({ code: "INPUT_INVALID" });
  await expect(pool.orderLog(1, leaf)).rejects.toMatchObject({ code: "INPUT_INVALID" });
  await expect(pool.order(99, leaf, numbered(1))).rejects.toMatchObject({ code: "RELAY_NONE" });
  await pool.order(1, leaf, numbered(1));
  const refused = { code: "RELAY_REFUSED", details: "order-conflict" };
  await expect(pool.order(1, leaf, numbered(2))).rejects.toMatchObject(refused);
  const gone = { ...(infos[0] as RelayInfo), endpoint: "http://127.0.0.1:1" };
  const away = poolOver([gone], { depositTimeout: 500 });
  await expect(away.order(1, leaf, numbered(1))).rejects.toMatchObject({ code: "NETWORK_UNREACHABLE" });
  await expect(away.orderLog(1, orderTag(leaf))).rejects.toMatchObject({ code: "NETWORK_UNREACHABLE" });
  const signal = AbortSignal.abort();
  await expect(pool.order(1, leafOf(), numbered(1), { signal })).rejects.toMatchObject({ code: "ABORTED" });
  const waiting = poolOver([gone]);
  const asked = waiting.order(1, leaf, numbered(1));
  await waiting.refresh();
  await waiting.close();
  await expect(asked).rejects.toMatchObject({ code: "CLIENT_CLOSED" });
});

test("a relay that was away while it was asked is asked again", async () => {
  const own = await startTestRelay();
  const pool = poolOver([own.info()]);
  const leaf = leafOf();
  const before = await pool.order(1, leaf, numbered(1));
  await own.stop("SIGKILL");
  const asked = pool.order(1, leaf, numbered(1));
  await own.start();
  expect(await asked).toEqual(before);
});

test("a relay that says it keeps no order is refused, not waited for", async () => {
  const { liar, pool } = await withLiar();
  liar.toClient = (frame) => [frame.frame === "greeting" ? { ...frame, features: 0 } : frame];
  const refused = { code: "RELAY_REFUSED", details: "unknown-type" };
  await expect(pool.order(1, leafOf(), numbered(1))).rejects.toMatchObject(refused);
});

/** A pool whose only relay is one that lies. */
async function withLiar() {
  const liar = await startMeddler(relays[0]?.url as string);
  return { liar, pool: poolOver([{ ...(infos[0] as RelayInfo), endpoint: liar.url }]) };
}

const lies: Record<string, Meddler["toClient"]> = {
  "a forged signature": (frame) =>
    frame.frame === "ordered" ? [{ ...frame, own: { ...frame.own, signature: new Uint8Array(64).fill(7) } }] : [frame],
  "another time": (frame) =>
    frame.frame === "ordered" ? [{ ...frame, first: { ...frame.first, storedAt: frame.first.storedAt + 1 } }] : [frame],
  "another place": (frame) =>
    frame.frame === "ordered" ? [{ ...frame, own: { ...frame.own, position: 2 } }] : [frame],
  "another's leaf as the asked one": (frame) =>
    frame.frame === "ordered" ? [{ ...frame, own: frame.first }] : [frame],
  "the asked leaf as the first": (frame) => (frame.frame === "ordered" ? [{ ...frame, first: frame.own }] : [frame]),
};

test.each(Object.entries(lies))("an answer with %s does not count", async (_, lie) => {
  const { liar, pool } = await withLiar();
  const tag = randomBytes(32);
  await pool.order(1, leafOf(tag), numbered(1));
  liar.toClient = lie;
  await expect(pool.order(1, leafOf(tag), numbered(2))).rejects.toMatchObject({ code: "RELAY_LIED" });
});

const logLies: Record<string, Meddler["toClient"]> = {
  "its first entry left out": (frame) =>
    frame.frame === "orderLog" ? [{ ...frame, entries: frame.entries.slice(1) }] : [frame],
  "its entries turned round": (frame) =>
    frame.frame === "orderLog" ? [{ ...frame, entries: frame.entries.toReversed() }] : [frame],
  "another body": (frame) => (frame.frame === "orderEntry" ? [{ ...frame, body: numbered(99) }] : [frame]),
  "an entry beside the log's": (frame) =>
    frame.frame === "orderEntry" ? [{ ...frame, storedAt: frame.storedAt + 1 }] : [frame],
};

test.each(Object.entries(logLies))("a log with %s does not count", async (_, lie) => {
  const { liar, pool } = await withLiar();
  const tag = randomBytes(32);
  for (const number of [1, 2]) await pool.order(1, leafOf(tag), numbered(number));
  liar.toClient = lie;
  await expect(pool.orderLog(1, tag)).rejects.toMatchObject({ code: "RELAY_LIED" });
});

test("a relay that tells two clients different firsts leaves a proof that a third party can verify", async () => {
  // Two relays with one key: what an operator would run to vote both ways.
  const honest = await startTestRelay();
  const twin = await startTestRelay({ KEY_FILE: `${honest.folder}/keys.json` });
  const info = honest.info();
  const tag = randomBytes(32);
  const [toOne, toOther] = await Promise.all([
    poolOver([info]).order(1, leafOf(tag), numbered(1)),
    poolOver([{ ...info, endpoint: twin.url }]).order(1, leafOf(tag), numbered(2)),
  ]);
  // Each alone is in order; both together are the proof, and need nothing but the registry's key.
  const proof = structuredClone([toOne.first, toOther.first] as const);
  const relayKey = Buffer.from(info.signingKey.slice(2), "hex");
  expect(isOrderEquivocation(...proof, relayKey)).toBe(true);
  expect(isOrderEquivocation(proof[0], proof[0], relayKey)).toBe(false);
  expect(isOrderEquivocation(...proof, randomBytes(32))).toBe(false);
});
