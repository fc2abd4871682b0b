import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { RpcError } from "../../src/chain/rpc.ts";
import { createNonces, type Nonce, type NonceSource } from "../../src/identity/nonces.ts";
import type { Hex } from "../../src/types/primitives.ts";

/** A node that keeps what it is sent until somebody mines it. */
function account(mined = 0) {
  const pool = new Map<number, Hex>();
  const idle = vi.fn();
  const node = {
    ...{ pool, mined, chain: [] as Hex[], isAway: false, sent: [] as Hex[], idle },
    mine(most = Number.POSITIVE_INFINITY) {
      for (let count = 0; count < most && pool.has(node.mined); count++) {
        node.chain.push(pool.get(node.mined) as Hex);
        pool.delete(node.mined++);
      }
    },
    forget: () => pool.clear(),
  };
  const source: NonceSource = {
    async read() {
      if (node.isAway) throw new Error("away");
      let pending = node.mined;
      while (pool.has(pending)) pending++;
      return { mined: node.mined, pending };
    },
    async send(raw) {
      if (node.isAway) throw new Error("away");
      node.sent.push(raw);
      const nonce = Number(raw.slice(2, 10));
      if (nonce < node.mined) throw new RpcError(-32000, "nonce too low", undefined);
      if (pool.has(nonce)) throw new RpcError(-32000, "already known", undefined);
      pool.set(nonce, raw);
    },
    fill: async (nonce) => bytes(nonce, "ff"),
  };
  const nonces = createNonces(idle);
  const take = (signal?: AbortSignal) => nonces.take(source, signal);
  /** As a wallet does. */
  const pay = async (which = "aa", nonce?: Nonce) => {
    const one = nonce ?? (await take());
    const raw = bytes(one.nonce, which);
    await source.send(raw).catch(() => undefined);
    one.sent(raw);
    return one.nonce;
  };
  return { node, nonces, source, take, pay };
}

const bytes = (nonce: number, which: string): Hex => `0x${String(nonce).padStart(8, "0")}${which}`;
const upTo = (count: number, from = 0) => Array.from({ length: count }, (_, at) => at + from);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("hundreds asked at once get one number each, in order, from where the node stands", async () => {
  const { take } = account(7);
  const given = await Promise.all(upTo(400).map(() => take()));
  expect(given.map(({ nonce }) => nonce)).toEqual(upTo(400, 7));
});

test("500 wait for a block at a time, 1,000 more for that, and the next one is refused", async () => {
  const { node, pay, take } = account();
  const sent: number[] = [];
  for (const _ of upTo(1500)) void pay().then((nonce) => sent.push(nonce));
  await vi.advanceTimersByTimeAsync(0);
  expect(sent).toEqual(upTo(500));
  await expect(take()).rejects.toMatchObject({ code: "WALLET_QUEUE_FULL" });
  node.mine(200);
  await vi.advanceTimersByTimeAsync(2000);
  expect(sent).toEqual(upTo(700));
  while (node.mined < 1500) {
    node.mine();
    await vi.advanceTimersByTimeAsync(2000);
  }
  expect(node.chain).toEqual(upTo(1500).map((nonce) => bytes(nonce, "aa")));
});

test("who waits can give up, or is told after ten minutes that the chain stands still; a node that is away meanwhile ends nothing", async () => {
  const { node, pay, take } = account();
  await Promise.all(upTo(500).map(() => pay()));
  const controller = new AbortController();
  const givenUp = take(controller.signal).catch((error) => error);
  const told = take().catch((error) => error);
  await vi.advanceTimersByTimeAsync(5000);
  controller.abort();
  expect(await givenUp).toMatchObject({ code: "ABORTED" });
  node.isAway = true;
  await vi.advanceTimersByTimeAsync(610_000);
  expect(await told).toMatchObject({ code: "CHAIN_STALLED" });
});

test("the number of what was not sent is the next one's; held up by nobody, it is filled with nothing", async () => {
  const { node, pay, take } = account();
  const [first, second] = await Promise.all([take(), take()]);
  second.giveBack();
  first.giveBack();
  expect((await take()).nonce).toBe(0);
  expect((await take()).nonce).toBe(1);
  const third = await take();
  await pay();
  third.giveBack();
  expect(await pay("bb")).toBe(2);
  const gap = await take();
  await pay("cc");
  gap.giveBack();
  await vi.advanceTimersByTimeAsync(1000);
  expect(node.pool.get(4)).toBe(bytes(4, "ff"));
  expect(node.pool.get(5)).toBe(bytes(5, "cc"));
});

test("what a node forgot it is sent again in the same bytes, also from blocks; after eight minutes it never is", async () => {
  const { node, pay } = account();
  await Promise.all(upTo(5).map(() => pay()));
  node.mine(3);
  await vi.advanceTimersByTimeAsync(1000);
  node.mined = 1;
  node.forget();
  await vi.advanceTimersByTimeAsync(12_000);
  node.mine();
  expect(node.mined).toBe(5);
  expect(node.chain.slice(3)).toEqual(upTo(4, 1).map((nonce) => bytes(nonce, "aa")));

  await Promise.all(upTo(2).map(() => pay("bb")));
  node.isAway = true;
  node.forget();
  await vi.advanceTimersByTimeAsync(500_000);
  node.isAway = false;
  await vi.advanceTimersByTimeAsync(10_000);
  expect([...node.pool.values()]).toEqual([]);
  expect(await pay("cc")).toBe(5);
  node.mine();
  expect(node.chain.at(-1)).toBe(bytes(5, "cc"));
});

test("what holds others up and is forgotten for too long is filled", async () => {
  const { node, pay } = account();
  await pay();
  node.isAway = true;
  node.forget();
  await vi.advanceTimersByTimeAsync(400_000);
  node.isAway = false;
  // The node takes nothing of the first one's until its time is over.
  const [first] = [bytes(0, "aa")];
  node.pool.delete(0);
  await pay("bb");
  const refuse = setInterval(() => node.pool.get(0) === first && node.pool.delete(0), 1);
  await vi.advanceTimersByTimeAsync(100_000);
  clearInterval(refuse);
  expect([node.pool.get(0), node.pool.get(1)]).toEqual([bytes(0, "ff"), bytes(1, "bb")]);
});

test("a number from outside takes the place of what was sent, and is given to nobody else", async () => {
  const { node, nonces, source, pay } = account();
  await pay();
  const other = nonces.use(source, 0);
  other.sent(bytes(0, "bb"));
  nonces.use(source, 2).sent(bytes(2, "cc"));
  expect(await pay()).toBe(1);
  expect(await pay()).toBe(3);
  node.forget();
  await vi.advanceTimersByTimeAsync(12_000);
  expect(node.pool.get(0)).toBe(bytes(0, "bb"));
  node.mine();
  expect(node.mined).toBe(4);
});

test("another program's use of the account is noticed; idle, all is agreed on anew", async () => {
  const { node, pay } = account();
  await pay();
  node.pool.set(1, bytes(1, "dd"));
  node.pool.set(2, bytes(2, "dd"));
  expect(await pay()).toBe(3);
  node.mine();
  await vi.advanceTimersByTimeAsync(90_000);
  expect(node.idle).toHaveBeenCalledTimes(1);
  expect(vi.getTimerCount()).toBe(0);
});

test("nothing is followed for longer than an hour where a node has gone for good", async () => {
  const { node, pay } = account();
  await Promise.all(upTo(3).map(() => pay()));
  node.isAway = true;
  await vi.advanceTimersByTimeAsync(3_500_000);
  expect(node.idle).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(200_000);
  expect(node.idle).toHaveBeenCalledTimes(1);
  expect(vi.getTimerCount()).toBe(0);
});

test("a node that does not answer is told of at once, as long as nothing is under way", async () => {
  const { node, take } = account();
  node.isAway = true;
  await expect(take()).rejects.toThrow("away");
});
