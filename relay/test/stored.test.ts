import { toHex } from "@skrumble/sdk/protocol";
import type { RelayPool, StorageReceipt } from "@skrumble/sdk/relay";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startMeddler } from "./support/meddler.ts";
import { asMailboxOwner, poolOver } from "./support/pool.ts";
import { startTestRelay, type TestRelay } from "./support/relayProcess.ts";
import { createOwner, numbered } from "./support/wire.ts";

/** Reading a mailbox once and deleting from its beginning, as backups do. */

let relays: TestRelay[];
const cleanUps: (() => Promise<void>)[] = [];
afterAll(() => Promise.all(cleanUps.map((clean) => clean())));
beforeAll(async () => {
  relays = await Promise.all([1, 2, 3].map(() => startTestRelay({}, (clean) => cleanUps.push(clean))));
});

const infos = () => relays.map((relay, index) => relay.info(index + 1));
const month = 30 * 86_400;

/** Resolves when all relays have it, with their receipts. */
async function depositAtAll(pool: RelayPool, to: `0x${string}`, payload: Uint8Array): Promise<StorageReceipt[]> {
  const receipts: StorageReceipt[] = [];
  const all = Promise.withResolvers<void>();
  await pool.deposit(to, payload, {
    ttlSeconds: month,
    onReceipt(receipt, stored, of) {
      receipts.push(receipt);
      if (stored === of) all.resolve();
    },
  });
  await all.promise;
  return receipts;
}

/** What each relay has, in its order. */
async function contentOf(pool: RelayPool, owner: ReturnType<typeof asMailboxOwner>) {
  const content = new Map<number, { seq: bigint; payload: string }[]>();
  const answered = await pool.readStored(owner, ({ relayId, seq, payload }) => {
    content.set(relayId, [...(content.get(relayId) ?? []), { seq, payload: toHex(payload) }]);
  });
  return { answered: answered.toSorted(), content };
}

test("a mailbox is read as often as one likes, and loses what one says and nothing after it", async () => {
  const pool = poolOver(infos());
  const owner = asMailboxOwner(createOwner());
  expect(await contentOf(pool, owner)).toEqual({ answered: [1, 2, 3], content: new Map() });
  const payloads = [1, 2, 3, 4, 5].map((n) => numbered(n));
  for (const payload of payloads) {
    // Reading has opened it: relays keep it for as long as they are asked to.
    for (const { storedAt, expiresAt } of await depositAtAll(pool, owner.publicId, payload)) {
      expect(expiresAt - storedAt).toBe(month * 1000);
    }
  }
  const { content } = await contentOf(pool, owner);
  for (const id of [1, 2, 3]) {
    expect(content.get(id)?.map(({ payload }) => payload)).toEqual(payloads.map((payload) => toHex(payload)));
  }
  expect((await contentOf(pool, owner)).content).toEqual(content);

  const third = content.get(1)?.[2]?.seq as bigint;
  await pool.dropStored(owner, new Map([[1, third]]));
  const after = (await contentOf(pool, owner)).content;
  expect(after.get(1)).toEqual(content.get(1)?.slice(3));
  expect([after.get(2), after.get(3)]).toEqual([content.get(2), content.get(3)]);
  const last = new Map([...content].map(([id, rows]) => [id, rows.at(-1)?.seq as bigint]));
  await depositAtAll(pool, owner.publicId, numbered(6));
  await pool.dropStored(owner, last);
  const left = [...(await contentOf(pool, owner)).content.values()].map((rows) => rows.map(({ payload }) => payload));
  expect(left).toEqual(Array(3).fill([toHex(numbered(6))]));
});

test("relays that are away are passed over, until none is left", async () => {
  const owner = asMailboxOwner(createOwner());
  const away = infos().map((info) => ({ ...info, endpoint: "http://127.0.0.1:1" }));
  const some = poolOver([...infos().slice(0, 1), ...away.slice(1)]);
  await depositAtAll(poolOver(infos().slice(0, 1)), owner.publicId, numbered(1));
  const { answered, content } = await contentOf(some, owner);
  expect([answered, [...content.keys()]]).toEqual([[1], [1]]);
  await some.dropStored(owner, new Map([1, 2].map((id) => [id, content.get(1)?.[0]?.seq as bigint])));
  expect((await contentOf(some, owner)).content.size).toBe(0);
  await expect(contentOf(poolOver(away), owner)).rejects.toMatchObject({ code: "NETWORK_UNREACHABLE" });
  const signal = AbortSignal.abort();
  await expect(some.readStored(owner, () => undefined, { signal })).rejects.toMatchObject({ code: "ABORTED" });
  await expect(some.dropStored(owner, new Map(), { signal })).rejects.toMatchObject({ code: "ABORTED" });
});

test("only the owner reads, and a relay that sends without end is a liar", async () => {
  const [own, other] = [createOwner(), createOwner()];
  const pool = poolOver(infos());
  const thief = { ...asMailboxOwner(other), publicId: toHex(own.publicId) };
  await expect(contentOf(pool, thief)).rejects.toMatchObject({ code: "RELAY_REFUSED" });

  const owner = asMailboxOwner(own);
  await depositAtAll(pool, owner.publicId, numbered(1));
  const liar = await startMeddler(relays[0]?.url as string);
  liar.toClient = (frame) => (frame.frame === "message" ? Array(17_000).fill({ ...frame, seq: 1n }) : [frame]);
  const lying = poolOver([{ ...(infos()[0] as ReturnType<TestRelay["info"]>), endpoint: liar.url }]);
  let payloads = 0;
  await expect(lying.readStored(owner, () => payloads++)).rejects.toMatchObject({ code: "RELAY_LIED" });
  expect(payloads).toBeLessThan(17_000);
});
