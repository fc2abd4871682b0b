import { keccak256 } from "viem";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { nonceAccount } from "../support/nonceAccount.ts";
import { bytes, poolNode } from "../support/poolNode.ts";

const upTo = (count: number, from = 0) => Array.from({ length: count }, (_, at) => at + from);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe.each(["anvil", "besu"] as const)("over a node like %s", (kind) => {
  const account = (mined = 0) => nonceAccount(kind, mined);

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
    // None was turned away for want of room.
    expect(node.sent).toEqual(node.chain);
    expect(node.replaced).toEqual([]);
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

  test("what a node forgot it is sent again in the same bytes, also from blocks", async () => {
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
  });

  test("after eight minutes what no node knows is never sent again: its number is nobody's until nothing is mined with it", async () => {
    const { node, pay } = account();
    await Promise.all(upTo(2).map(() => pay()));
    node.isAway = true;
    node.forget();
    await vi.advanceTimersByTimeAsync(500_000);
    node.isAway = false;
    await vi.advanceTimersByTimeAsync(20_000);
    // Old bytes may be in some pool still: no other act has their number before it is used up.
    expect([...node.pool.values()]).toEqual([bytes(0, "ff"), bytes(1, "ff")]);
    expect(await pay("bb")).toBe(2);
    node.forget();
    await vi.advanceTimersByTimeAsync(20_000);
    node.mine();
    expect(node.chain).toEqual([bytes(0, "ff"), bytes(1, "ff"), bytes(2, "bb")]);
    expect(node.replaced).toEqual([]);
  });

  test("time in which the chain stood still does not count: what its cure made nodes forget is sent again", async () => {
    for (const isReached of [true, false]) {
      const { node, pay } = account();
      await Promise.all(upTo(2).map(() => pay()));
      await vi.advanceTimersByTimeAsync(60_000);
      node.halt();
      node.isAway = !isReached;
      await vi.advanceTimersByTimeAsync(600_000);
      node.forget();
      Object.assign(node, { isAway: false }).resume();
      await vi.advanceTimersByTimeAsync(20_000);
      expect([...node.pool.values()]).toEqual([bytes(0, "aa"), bytes(1, "aa")]);
      // With the minute before the halt.
      await vi.advanceTimersByTimeAsync(440_000);
      node.forget();
      await vi.advanceTimersByTimeAsync(20_000);
      node.mine();
      expect(node.chain).toEqual([bytes(0, "ff"), bytes(1, "ff")]);
      expect(node.replaced).toEqual([]);
    }
  });

  test("fifty minutes after it was asked for it is not sent again, however long the chain stood still", async () => {
    const { node, pay } = account();
    await pay();
    await vi.advanceTimersByTimeAsync(10_000);
    node.halt();
    await vi.advanceTimersByTimeAsync(3_000_000);
    node.forget();
    node.resume();
    await vi.advanceTimersByTimeAsync(20_000);
    node.mine();
    expect(node.chain).toEqual([bytes(0, "ff")]);
  });

  test("a node that is behind the others makes no time go by", async () => {
    const { node, pay, source } = account();
    await pay();
    await vi.advanceTimersByTimeAsync(10_000);
    node.halt();
    const { read } = source;
    let looks = 0;
    source.read = async () => ({ ...(await read()), ...(looks++ % 2 === 0 ? { head: 1 } : {}) });
    await vi.advanceTimersByTimeAsync(1_000_000);
    node.forget();
    node.resume();
    await vi.advanceTimersByTimeAsync(20_000);
    node.mine();
    expect(node.chain).toEqual([bytes(0, "aa")]);
  });

  test("a device that slept for hours forgets nothing, though nobody answers when it wakes up", async () => {
    const { node, pay, idle } = account();
    await Promise.all(upTo(2).map(() => pay()));
    await vi.advanceTimersByTimeAsync(10_000);
    // No timer runs meanwhile.
    vi.setSystemTime(Date.now() + 4 * 3_600_000);
    node.isAway = true;
    await vi.advanceTimersByTimeAsync(20_000);
    expect(idle).not.toHaveBeenCalled();
    node.isAway = false;
    node.forget();
    // Neither number is another act's before it is used up.
    expect(await pay("bb")).toBe(2);
    await vi.advanceTimersByTimeAsync(20_000);
    node.mine();
    expect(node.chain).toEqual([bytes(0, "ff"), bytes(1, "ff"), bytes(2, "bb")]);
    expect(node.replaced).toEqual([]);
  });

  test("what a node still knows is never filled, however long it waits", async () => {
    const { node, pay, nonces, source } = account();
    nonces.use(source, "later", { nonce: 1 }).sent(bytes(1, "bb"));
    node.pool.set(1, bytes(1, "bb"));
    await vi.advanceTimersByTimeAsync(1_000_000);
    expect(node.pool.get(1)).toBe(bytes(1, "bb"));
    await pay();
    node.mine();
    expect(node.chain).toEqual([bytes(0, "aa"), bytes(1, "bb")]);
  });

  test("what others had waiting and a node forgot is not filled: it is told of, and nothing queues up behind it", async () => {
    const { node, pay, take, nonces, source } = account();
    // Of an earlier run.
    for (const nonce of upTo(3)) node.pool.set(nonce, bytes(nonce, "ee"));
    expect(await pay()).toBe(3);
    node.forget();
    const told = take().catch((error) => error);
    await vi.advanceTimersByTimeAsync(70_000);
    expect(await told).toMatchObject({ code: "WALLET_NONCE_GAP", values: { nonce: 0 } });
    const more = take().catch((error) => error);
    await vi.advanceTimersByTimeAsync(4_800_000);
    expect(await more).toMatchObject({ code: "WALLET_NONCE_GAP" });
    expect([...node.pool]).toEqual([[3, bytes(3, "aa")]]);
    // As it asks for.
    for (const nonce of upTo(3)) await pay("bb", nonces.use(source, "again", { nonce }));
    node.mine();
    expect(node.chain).toEqual([...upTo(3).map((nonce) => bytes(nonce, "bb")), bytes(3, "aa")]);
    expect(await pay("cc")).toBe(4);
    expect(node.replaced).toEqual([]);
  });

  test("what is on its way from another node is waited for", async () => {
    const { node, pay } = account();
    for (const nonce of upTo(3)) node.pool.set(nonce, bytes(nonce, "ee"));
    expect(await pay()).toBe(3);
    node.forget();
    const next = pay();
    await vi.advanceTimersByTimeAsync(20_000);
    for (const nonce of upTo(3)) node.pool.set(nonce, bytes(nonce, "ee"));
    await vi.advanceTimersByTimeAsync(20_000);
    expect(await next).toBe(4);
    node.mine();
    expect(node.chain.slice(3)).toEqual([bytes(3, "aa"), bytes(4, "aa")]);
  });

  test("a number that something else has is neither handed out again nor filled, though this node does not count it yet", async () => {
    const { node, pay, take } = account();
    const first = await take();
    expect(await pay()).toBe(1);
    first.giveBack(true);
    const next = pay();
    await vi.advanceTimersByTimeAsync(20_000);
    expect([...node.pool.keys()]).toEqual([1]);
    node.pool.set(0, bytes(0, "ee"));
    await vi.advanceTimersByTimeAsync(2000);
    expect(await next).toBe(2);
    node.mine();
    expect(node.chain).toEqual([bytes(0, "ee"), bytes(1, "aa"), bytes(2, "aa")]);
    expect(node.replaced).toEqual([]);
  });

  test("a certain number may be taken for the same act, for what is named, and for nothing else", async () => {
    const { node, nonces, source, pay, take } = account();
    const first = await take(undefined, "one");
    // It is being handed over.
    expect(() => nonces.use(source, "one", { nonce: 0 })).toThrow(
      expect.objectContaining({ code: "WALLET_NONCE_USED", values: { nonce: 0 } }),
    );
    await pay("aa", first);
    expect(() => nonces.use(source, "two", { nonce: 0 })).toThrow(
      expect.objectContaining({ code: "WALLET_NONCE_USED" }),
    );
    expect(() => nonces.use(source, "two", { nonce: 0, replaces: keccak256(bytes(1, "aa")) })).toThrow();
    nonces.use(source, "one", { nonce: 0 }).sent(bytes(0, "ab"));
    nonces.use(source, "two", { nonce: 0, replaces: keccak256(bytes(0, "ab")) }).sent(bytes(0, "bb"));
    nonces.use(source, "three", { nonce: 2 }).sent(bytes(2, "cc"));
    // Given to nobody else.
    expect([await pay(), await pay()]).toEqual([1, 3]);
    node.forget();
    await vi.advanceTimersByTimeAsync(12_000);
    node.mine();
    expect(node.chain).toEqual([bytes(0, "bb"), bytes(1, "aa"), bytes(2, "cc"), bytes(3, "aa")]);
  });

  test("what was to be replaced keeps its number where the other one was refused, and is sent again only then", async () => {
    const { node, nonces, source, pay } = account();
    await pay();
    node.forget();
    const other = nonces.use(source, "act", { nonce: 0 });
    await vi.advanceTimersByTimeAsync(20_000);
    expect(node.pool.size).toBe(0);
    other.giveBack();
    await vi.advanceTimersByTimeAsync(20_000);
    expect(node.pool.get(0)).toBe(bytes(0, "aa"));
  });

  test("a number that was given back and used since is not taken from its new owner", async () => {
    const { node, nonces, source, pay, take } = account();
    const lost = await take();
    await pay();
    lost.giveBack();
    const owned = nonces.use(source, "own", { nonce: 0 });
    lost.giveBack();
    expect(await pay("cc")).toBe(2);
    await vi.advanceTimersByTimeAsync(5000);
    await pay("bb", owned);
    await vi.advanceTimersByTimeAsync(20_000);
    node.mine();
    expect(node.chain).toEqual([bytes(0, "bb"), bytes(1, "aa"), bytes(2, "cc")]);
    expect(node.replaced).toEqual([]);
  });

  test("what somebody else sent while the number was being filled is left alone", async () => {
    const { node, source, pay, take, nonces } = account();
    const lost = await take();
    await pay();
    let sign = (_: unknown) => {};
    const { fill } = source;
    source.fill = (nonce) => new Promise((resolve) => (sign = resolve)).then(() => fill(nonce));
    lost.giveBack();
    await vi.advanceTimersByTimeAsync(2000);
    expect(() => nonces.use(source, "own", { nonce: 0 })).toThrow(
      expect.objectContaining({ code: "WALLET_NONCE_USED" }),
    );
    node.pool.set(0, bytes(0, "ee"));
    expect(await pay("bb")).toBe(2);
    sign(undefined);
    await vi.advanceTimersByTimeAsync(20_000);
    node.mine();
    expect(node.chain).toEqual([bytes(0, "ee"), bytes(1, "aa"), bytes(2, "bb")]);
    expect(node.replaced).toEqual([]);
  });

  test("one mined while nothing was being signed in its place is left alone", async () => {
    const { node, source, pay } = account();
    await pay();
    node.isAway = true;
    node.forget();
    await vi.advanceTimersByTimeAsync(500_000);
    let sign = (_: unknown) => {};
    const { fill } = source;
    source.fill = (nonce) => new Promise((resolve) => (sign = resolve)).then(() => fill(nonce));
    node.isAway = false;
    await vi.advanceTimersByTimeAsync(10_000);
    // It was in another pool after all, and the next number is asked for.
    node.pool.set(0, bytes(0, "aa"));
    expect(await pay("bb")).toBe(1);
    sign(undefined);
    await vi.advanceTimersByTimeAsync(20_000);
    node.mine();
    expect(node.chain).toEqual([bytes(0, "aa"), bytes(1, "bb")]);
    expect(node.replaced).toEqual([]);
  });

  test("fills that cannot be signed keep nothing from being sent again", async () => {
    const { node, pay, take } = account();
    node.canFill = false;
    for (const _ of upTo(4)) {
      const lost = await take();
      await pay();
      lost.giveBack();
      // Else the next one would have it.
      await pay("bb");
    }
    const holes = await Promise.all(upTo(4).map(() => take()));
    await pay("cc");
    for (const hole of holes) hole.giveBack();
    node.forget();
    await vi.advanceTimersByTimeAsync(20_000);
    expect(node.pool.size).toBe(9);
    node.canFill = true;
    await vi.advanceTimersByTimeAsync(20_000);
    node.mine();
    expect(node.mined).toBe(13);
  });

  test("another program's use of the account is noticed; idle, all is agreed on anew", async () => {
    const { node, pay, idle } = account();
    await pay();
    node.pool.set(1, bytes(1, "dd"));
    node.pool.set(2, bytes(2, "dd"));
    expect(await pay()).toBe(3);
    node.mine();
    await vi.advanceTimersByTimeAsync(90_000);
    expect(idle).toHaveBeenCalledTimes(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("nothing is followed for longer than an hour where a node has gone for good", async () => {
    const { node, pay, idle } = account();
    await Promise.all(upTo(3).map(() => pay()));
    node.isAway = true;
    await vi.advanceTimersByTimeAsync(3_500_000);
    expect(idle).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(200_000);
    expect(idle).toHaveBeenCalledTimes(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("a node that does not answer is told of at once, as long as nothing is under way", async () => {
    const { node, take } = account();
    node.isAway = true;
    await expect(take()).rejects.toThrow("away");
  });

  test("nothing is left where nothing was sent: no account in memory, and no listener at a signal", async () => {
    const { node, nonces, source, take, idle } = account();
    await expect(take(AbortSignal.abort())).rejects.toMatchObject({ code: "ABORTED" });
    expect(idle).toHaveBeenCalledTimes(1);
    nonces.use(source, "act", { nonce: 5 }).giveBack();
    await vi.advanceTimersByTimeAsync(20_000);
    expect(idle).toHaveBeenCalledTimes(2);
    node.isAway = true;
    const { signal } = new AbortController();
    const added: AbortSignal[] = [];
    signal.addEventListener = (_: string, __: unknown, options: { signal: AbortSignal }) => added.push(options.signal);
    await expect(take(signal)).rejects.toThrow("away");
    expect(added.map((ended) => ended.aborted)).toEqual([true]);
  });

  test("what one wallet's node forgot goes to that node again, though another wallet of the account asked since", async () => {
    const { node, pay, nonces } = account();
    await pay();
    node.forget();
    const other = poolNode(kind);
    const second = await nonces.take(other.source, "act");
    await other.source.send(bytes(second.nonce, "bb"));
    second.sent(bytes(second.nonce, "bb"));
    await vi.advanceTimersByTimeAsync(12_000);
    expect(node.pool.get(0)).toBe(bytes(0, "aa"));
    expect(other.node.pool.get(1)).toBe(bytes(1, "bb"));
  });
});
