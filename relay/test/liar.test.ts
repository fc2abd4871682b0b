import { type Frame, toHex } from "@skrumble/sdk/protocol";
import type { StorageReceipt } from "@skrumble/sdk/relay";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Meddler, startMeddler } from "./support/meddler.ts";
import { asMailboxOwner, collect, poolOver } from "./support/pool.ts";
import { startTestRelay, type TestRelay } from "./support/relayProcess.ts";
import { createOwner, numbered } from "./support/wire.ts";

let relays: TestRelay[];
const cleanUps: (() => Promise<void>)[] = [];
afterAll(() => Promise.all(cleanUps.map((clean) => clean())));
beforeAll(async () => {
  relays = await Promise.all([1, 2, 3].map(() => startTestRelay({}, (clean) => cleanUps.push(clean))));
});

/** One relay that lies beside two honest ones. */
async function withLiar() {
  const liar = await startMeddler(relays[0]?.url as string);
  const infos = relays.map((relay, index) => relay.info(index + 1));
  const liarInfo = { ...(infos[0] as (typeof infos)[number]), endpoint: liar.url };
  return { liar, liarInfo, infos: [liarInfo, ...infos.slice(1)] };
}

const forgeries: Record<string, (frame: Extract<Frame, { frame: "receipt" }>) => Frame> = {
  "another seq": (receipt) => ({ ...receipt, seq: receipt.seq + 1n }),
  "another expiry": (receipt) => ({ ...receipt, expiresAt: receipt.expiresAt - 1000 }),
  "another time": (receipt) => ({ ...receipt, storedAt: receipt.storedAt + 1, expiresAt: receipt.expiresAt + 1 }),
  "an own signature": (receipt) => ({ ...receipt, signature: new Uint8Array(64).fill(7) }),
  "a longer proof": (receipt) => ({ ...receipt, proof: [...receipt.proof, new Uint8Array(32)] }),
};

test.each(Object.entries(forgeries))("a receipt forged with %s does not count", async (_, forge) => {
  const { liar, liarInfo, infos } = await withLiar();
  liar.toClient = (frame) => [frame.frame === "receipt" ? forge(frame) : frame];
  const alone = poolOver([liarInfo]);
  const to = toHex(createOwner().publicId);
  await expect(alone.deposit(to, numbered(1), { ttlSeconds: 60 })).rejects.toMatchObject({ code: "RELAY_LIED" });

  const pool = poolOver(infos);
  const receipts: StorageReceipt[] = [];
  const two = Promise.withResolvers<void>();
  await pool.deposit(to, numbered(2), {
    ttlSeconds: 60,
    onReceipt(receipt) {
      receipts.push(receipt);
      if (receipts.length === 2) two.resolve();
    },
  });
  await two.promise;
  // The liar's answer has certainly come once a later request over the same line is answered.
  await expect(alone.deposit(to, numbered(3), { ttlSeconds: 60 })).rejects.toMatchObject({ code: "RELAY_LIED" });
  expect(receipts.map(({ relayId }) => relayId).sort()).toEqual([2, 3]);
});

test("an old receipt played back does not stand for a new deposit", async () => {
  const { liar, liarInfo } = await withLiar();
  let first: Frame | undefined;
  liar.toClient = (frame) => {
    if (frame.frame !== "receipt") return [frame];
    first ??= frame;
    return [{ ...first, reqId: frame.reqId } as Frame];
  };
  const pool = poolOver([liarInfo]);
  const to = toHex(createOwner().publicId);
  await pool.deposit(to, numbered(1), { ttlSeconds: 60 });
  await expect(pool.deposit(to, numbered(2), { ttlSeconds: 60 })).rejects.toMatchObject({ code: "RELAY_LIED" });
});

async function deliver(setUp: (liar: Meddler) => void, count = 20): Promise<number[]> {
  const { liar, infos } = await withLiar();
  setUp(liar);
  const owner = createOwner();
  const inbox = collect(poolOver(infos), asMailboxOwner(owner));
  await inbox.subscription.ready;
  const sender = poolOver(infos);
  const wanted = Array.from({ length: count }, (_, index) => index + 1);
  for (const number of wanted) await sender.deposit(toHex(owner.publicId), numbered(number), { ttlSeconds: 60 });
  await inbox.has(...wanted);
  return inbox.numbers.sort((a, b) => a - b);
}

const oneToTwenty = Array.from({ length: 20 }, (_, index) => index + 1);

test("a relay that drops messages loses none: the others deliver", async () => {
  const numbers = await deliver((liar) => {
    liar.toClient = (frame) => (frame.frame === "message" ? [] : [frame]);
  });
  expect(numbers).toEqual(oneToTwenty);
});

test("a relay that replays messages changes nothing: each is handed over once", async () => {
  const old: Frame[] = [];
  const numbers = await deliver((liar) => {
    liar.toClient = (frame) => {
      if (frame.frame !== "message") return [frame];
      old.push(frame);
      return [frame, ...old.slice(-5), { ...frame, seq: frame.seq + 1_000_000n }];
    };
  });
  expect(numbers).toEqual(oneToTwenty);
});

test("a relay that reorders and renumbers messages loses none and doubles none", async () => {
  let held: Frame | undefined;
  const numbers = await deliver((liar) => {
    liar.toClient = (frame) => {
      if (frame.frame !== "message") return [frame];
      const before = held;
      held = before ? undefined : frame;
      return before ? [frame, before] : [];
    };
  });
  expect(numbers).toEqual(oneToTwenty);
});

test("a relay that sends garbage is left alone, the others serve", async () => {
  const numbers = await deliver((liar) => {
    liar.garbage = Uint8Array.of(1, 0x85, 1, 2, 3);
  });
  expect(numbers).toEqual(oneToTwenty);
});

test("a relay with another key than the registry's is not spoken to", async () => {
  const { liar, liarInfo, infos } = await withLiar();
  liar.toClient = (frame) => [frame.frame === "greeting" ? { ...frame, relayKey: new Uint8Array(32).fill(1) } : frame];
  const to = toHex(createOwner().publicId);
  const alone = poolOver([liarInfo], { depositTimeout: 1_000 });
  await expect(alone.deposit(to, numbered(1), { ttlSeconds: 60 })).rejects.toMatchObject({ code: "RELAY_LIED" });
  await poolOver(infos).deposit(to, numbered(1), { ttlSeconds: 60 });
  expect(liar.connections.every((kinds) => kinds.size === 0)).toBe(true);
});

test("a mailbox is never read over a connection that deposits", async () => {
  const { liar, infos } = await withLiar();
  const owner = createOwner();
  const pool = poolOver(infos);
  const inbox = collect(pool, asMailboxOwner(owner));
  await inbox.subscription.ready;
  await pool.deposit(toHex(owner.publicId), numbered(1), { ttlSeconds: 60 });
  await inbox.has(1);
  while (liar.connections.length < 2) await new Promise((resolve) => setTimeout(resolve, 20));
  for (const kinds of liar.connections) expect(kinds.has("own") && kinds.has("deposit")).toBe(false);
});
